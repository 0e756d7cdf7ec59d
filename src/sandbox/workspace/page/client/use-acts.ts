import { useCallback, useState } from 'react';
import type { Act, ActResult } from '../act.ts';
import { sendAct } from './server.ts';

/** Doing things as a person. */
export interface Acts {
  readonly act: (done: Act) => Promise<ActResult>;
  /** What went wrong last; empty when nothing did. */
  readonly wrong: string;
  readonly dismissWrong: () => void;
}

/** Does things as the person `who`, and keeps what went wrong until it is dismissed or something goes right. */
export function useActs(who: string, refresh: () => void): Acts {
  const [wrong, setWrong] = useState('');
  const act = useCallback(
    async (done: Act) => {
      const result: ActResult = await sendAct(who, done).catch(() => ({
        words: 'The workspace cannot be reached.',
      }));
      setWrong(result.words ?? '');
      refresh();
      return result;
    },
    [who, refresh],
  );
  return { act, wrong, dismissWrong: () => setWrong('') };
}
