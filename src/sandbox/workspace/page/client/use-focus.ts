import { type RefObject, useEffect, useRef } from 'react';

/** Puts the cursor into an element when it appears: for boxes that a person just asked for. */
export function useFocus<E extends HTMLElement>(): RefObject<E | null> {
  const element = useRef<E>(null);
  useEffect(() => element.current?.focus(), []);
  return element;
}
