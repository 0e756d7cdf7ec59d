import { createContext, useContext } from 'react';
import type { ConfirmDialog } from '../../blocks/text.ts';
import type { Act, ActResult } from '../act.ts';
import type { Screen } from '../screen.ts';

/** What every part of the page works with. */
export interface Desk {
  readonly screen: Screen;
  /** Does something as the person at the screen; shows what went wrong. */
  readonly act: (act: Act) => Promise<ActResult>;
  /** Asks once more; true when the person said yes. */
  readonly ask: (dialog: ConfirmDialog) => Promise<boolean>;
  /** Goes to a channel, and to a message in it. */
  readonly goTo: (channelId: string, ts?: string) => void;
}

const DeskContext = createContext<Desk | undefined>(undefined);

/** Gives the desk to everything below. */
export const DeskProvider = DeskContext.Provider;

/** The desk of the page. Throws outside of it. */
export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === undefined) throw new Error('there is no desk here');
  return desk;
}
