import { useEffect, useRef } from 'react';
import type { ConfirmDialog as Dialog } from '../../blocks/text.ts';
import { TextBlocks } from './text-blocks.tsx';

/** The dialog that asks once more. Escape is no. */
export function ConfirmDialog({ dialog, answer }: { dialog: Dialog; answer: (isYes: boolean) => void }) {
  const shown = useRef<HTMLDialogElement>(null);
  useEffect(() => shown.current?.showModal(), []);
  return (
    <dialog
      ref={shown}
      className="window confirm"
      aria-label={dialog.title?.text ?? 'Are you sure?'}
      onCancel={(event) => {
        event.preventDefault();
        answer(false);
      }}
    >
      <h2>{dialog.title?.text ?? 'Are you sure?'}</h2>
      <TextBlocks blocks={[{ type: 'section', text: dialog.text }]} />
      <div className="window-foot">
        <button type="button" className="button" onClick={() => answer(false)}>
          {dialog.deny?.text ?? 'Cancel'}
        </button>
        <button
          type="button"
          className={`button ${dialog.style === 'danger' ? 'danger solid' : 'primary'}`}
          onClick={() => answer(true)}
        >
          {dialog.confirm?.text ?? 'Confirm'}
        </button>
      </div>
    </dialog>
  );
}
