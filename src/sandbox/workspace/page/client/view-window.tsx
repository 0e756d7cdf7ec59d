import { useEffect, useRef, useState } from 'react';
import type { GivenInput } from '../../state/inputs.ts';
import type { InputValue, InputValues } from '../../state/model.ts';
import type { ScreenView } from '../screen.ts';
import { BlockList, type ElementUse } from './block-list.tsx';
import { useDesk } from './desk.ts';

/** What a person has typed and not yet sent, by block id and action id. */
type Typed = Record<string, Record<string, GivenInput>>;

/** The modal on top of the person's stack. */
export function ViewWindow({ view, depth }: { view: ScreenView; depth: number }) {
  const { act, screen } = useDesk();
  const shown = useRef<HTMLDialogElement>(null);
  const { values, use, filled } = useTyped(view);
  const [isBusy, setIsBusy] = useState(false);
  useEffect(() => {
    shown.current?.showModal();
    // The first thing to fill in, rather than the close button that stands before it.
    shown.current
      ?.querySelector<HTMLElement>('.window-body :is(input, textarea, select), [type=submit]')
      ?.focus();
  }, []);
  const close = () => void act({ kind: 'close', viewId: view.id });
  const submit = async () => {
    setIsBusy(true);
    await act({ kind: 'submit', viewId: view.id, values: filled() });
    setIsBusy(false);
  };
  return (
    <dialog
      ref={shown}
      className="window"
      aria-labelledby="window-title"
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <header className="window-head">
          <h2 id="window-title">{view.title}</h2>
          <span className="quiet">{screen.app.name}</span>
          <button
            type="button"
            className="icon-button"
            aria-label={depth > 1 ? 'Back' : 'Close'}
            onClick={close}
          >
            {depth > 1 ? '←' : '✕'}
          </button>
        </header>
        <div className="window-body">
          <BlockList blocks={view.blocks} values={values} errors={view.errors} onUse={use} />
        </div>
        <footer className="window-foot">
          <button type="button" className="button" onClick={close}>
            {view.close ?? 'Cancel'}
          </button>
          {view.submit === null ? null : (
            <button type="submit" className="button primary" disabled={isBusy} aria-busy={isBusy}>
              {view.submit}
            </button>
          )}
        </footer>
      </form>
    </dialog>
  );
}

/** A view's values with what was typed since laid over them. What is typed is sent with the next press or submission. */
export function useTyped(view: ScreenView) {
  const { act } = useDesk();
  const [typed, setTyped] = useState<Typed>({});
  const filled = (more: Typed = typed): Typed => {
    const present = new Set(
      Object.entries(view.values).flatMap(([b, inputs]) => Object.keys(inputs).map((a) => `${b} ${a}`)),
    );
    return Object.fromEntries(
      Object.entries(more).map(([b, inputs]) => [
        b,
        Object.fromEntries(Object.entries(inputs).filter(([a]) => present.has(`${b} ${a}`))),
      ]),
    );
  };
  const use = async ({ blockId, actionId, given, isDispatched }: ElementUse) => {
    const isButton = view.values[blockId]?.[actionId] === undefined;
    const after = isButton ? typed : { ...typed, [blockId]: { ...typed[blockId], [actionId]: given } };
    setTyped(after);
    if (isDispatched)
      await act({ kind: 'press_view', viewId: view.id, blockId, actionId, given, values: filled(after) });
  };
  return { values: overlay(view.values, typed), use, filled };
}

function overlay(values: InputValues, typed: Typed): InputValues {
  return Object.fromEntries(
    Object.entries(values).map(([blockId, inputs]) => [
      blockId,
      Object.fromEntries(
        Object.entries(inputs).map(([actionId, value]): [string, InputValue] => {
          const given = typed[blockId]?.[actionId];
          return [actionId, given === undefined ? value : { type: value.type, typed: given }];
        }),
      ),
    ]),
  );
}
