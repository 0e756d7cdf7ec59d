import { type RefObject, useEffect } from 'react';

/** While something is open: a press outside of it, or Escape, closes it. Escape closes nothing else then. */
export function useDismissal(
  inside: RefObject<HTMLElement | null>,
  isOpen: boolean,
  close: () => void,
): void {
  useEffect(() => {
    if (!isOpen) return undefined;
    const ending = new AbortController();
    const pressed = (event: Event) => {
      if (!inside.current?.contains(event.target as Node)) close();
    };
    const typed = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      close();
      inside.current?.querySelector('button')?.focus();
    };
    const options = { signal: ending.signal, capture: true };
    document.addEventListener('pointerdown', pressed, options);
    document.addEventListener('keydown', typed, options);
    return () => ending.abort();
  });
}
