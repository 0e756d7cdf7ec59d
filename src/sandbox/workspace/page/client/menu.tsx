import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useDismissal } from './use-dismissal.ts';

/** An entry of a menu. */
export interface MenuItem {
  readonly words: string;
  readonly run: () => void;
  readonly isDanger?: boolean;
}

/** A button that opens a list of things to do. Arrow keys move, Escape and a click elsewhere close. */
export function Menu({
  label,
  trigger,
  items,
}: {
  label: string;
  trigger: ReactNode;
  items: readonly MenuItem[];
}) {
  const [isOpen, setIsOpen] = useState(false);
  const around = useRef<HTMLSpanElement>(null);
  const id = useId();

  useDismissal(around, isOpen, () => setIsOpen(false));
  useEffect(() => {
    if (isOpen) around.current?.querySelector<HTMLButtonElement>('[role=menuitem]')?.focus();
  }, [isOpen]);

  const move = (step: number) => {
    const entries = [...(around.current?.querySelectorAll<HTMLButtonElement>('[role=menuitem]') ?? [])];
    const at = entries.indexOf(document.activeElement as HTMLButtonElement);
    entries[(at + step + entries.length) % entries.length]?.focus();
  };

  return (
    <span className="menu" ref={around}>
      <button
        type="button"
        className="icon-button"
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setIsOpen(!isOpen)}
      >
        {trigger}
      </button>
      {isOpen ? (
        <span
          role="menu"
          tabIndex={-1}
          id={id}
          className="menu-list"
          onKeyDown={(event) => {
            if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
            event.preventDefault();
            move(event.key === 'ArrowDown' ? 1 : -1);
          }}
        >
          {items.map(({ words, run, isDanger }) => (
            <button
              key={words}
              type="button"
              role="menuitem"
              className={isDanger === true ? 'danger' : ''}
              onClick={() => {
                setIsOpen(false);
                run();
              }}
            >
              {words}
            </button>
          ))}
        </span>
      ) : null}
    </span>
  );
}
