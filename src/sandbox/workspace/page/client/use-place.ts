import { useCallback, useEffect, useState } from 'react';
import { linkedMessage } from './permalink.ts';

/** Where the person is: a channel by its id, or the app's home tab. */
export type Spot = { readonly kind: 'channel'; readonly id: string } | { readonly kind: 'home' };

/** Who sits at the screen and where that person is. */
export interface Place {
  /** User id; empty for whoever the workspace starts with. */
  readonly who: string;
  readonly spot: Spot;
  /** Empty where no channel is looked at. */
  readonly channelId: string;
  /** The message a link led to; empty for none. */
  readonly marked: string;
  /** Parent of the open thread; empty for none. */
  readonly threadTs: string;
  /** Whether the side bar is out, on a phone. */
  readonly isMenuOpen: boolean;
  readonly go: (spot: Spot, markedTs?: string) => void;
  readonly become: (personId: string) => void;
  readonly openThread: (ts: string) => void;
  readonly showMenu: (isOpen: boolean) => void;
}

/** Keeps the place. Who sits there outlives a reload; a permalink in the address is where one starts. */
export function usePlace(): Place {
  const [who, setWho] = useState(() => localStorage.getItem('who') ?? '');
  const [spot, setSpot] = useState<Spot>(() => ({ kind: 'channel', id: linkedMessage().channelId }));
  const [marked, setMarked] = useState(() => linkedMessage().ts);
  const [threadTs, openThread] = useState('');
  const [isMenuOpen, showMenu] = useState(false);

  // The address held the secret that let us in; it need not stay in the history.
  useEffect(() => history.replaceState(null, '', '/'), []);

  const go = useCallback((next: Spot, markedTs = '') => {
    setSpot(next);
    setMarked(markedTs);
    openThread('');
    showMenu(false);
  }, []);
  const become = useCallback((personId: string) => {
    localStorage.setItem('who', personId);
    setWho(personId);
    openThread('');
    showMenu(false);
  }, []);
  const channelId = spot.kind === 'channel' ? spot.id : '';
  return { who, spot, channelId, marked, threadTs, isMenuOpen, go, become, openThread, showMenu };
}
