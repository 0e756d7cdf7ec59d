import { useCallback, useState } from 'react';
import type { ConfirmDialog } from '../../blocks/text.ts';

/** A question that waits for its answer. */
export interface Question {
  readonly dialog: ConfirmDialog;
  readonly answer: (isYes: boolean) => void;
}

/** Asks a person one thing at a time; `question` is there while it waits. */
export function useQuestion(): {
  readonly question: Question | undefined;
  readonly ask: (dialog: ConfirmDialog) => Promise<boolean>;
} {
  const [question, setQuestion] = useState<Question>();
  const ask = useCallback(
    (dialog: ConfirmDialog) =>
      new Promise<boolean>((resolve) => {
        setQuestion({
          dialog,
          answer: (isYes) => {
            setQuestion(undefined);
            resolve(isYes);
          },
        });
      }),
    [],
  );
  return { question, ask };
}
