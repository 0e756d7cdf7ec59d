import type { ReactNode } from 'react';

/** The head of a pane: what it is, what it is about, and on a phone the way to the side bar. */
export function PaneHead({
  title,
  topic,
  openMenu,
  children,
}: {
  title: string;
  topic: string;
  openMenu: () => void;
  /** What stands at the right. */
  children?: ReactNode;
}) {
  return (
    <header className="pane-head">
      <button type="button" className="icon-button only-narrow" aria-label="Channels" onClick={openMenu}>
        ☰
      </button>
      <h1>{title}</h1>
      <span className="topic">{topic}</span>
      {children}
    </header>
  );
}
