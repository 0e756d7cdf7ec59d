import type { AcceptedRequest } from '../../../src/domain/request.ts';
import { UnavailableError } from '../../../src/errors.ts';
import type { Bell, Bells } from '../../../src/ports/bells.ts';
import type { ButtonStore } from '../../../src/ports/button-store.ts';
import type { Inbox } from '../../../src/ports/inbox.ts';
import type { Seen } from '../../../src/ports/seen.ts';
import { createMemoryButtons } from '../../simulation/ports/memory-buttons.ts';
import { createMemoryInbox } from '../../simulation/ports/memory-inbox.ts';

/** What is kept outside of Slack, and how it is: up, gone, or silent as a store is that hangs. */
export interface Stores {
  state: 'up' | 'down' | 'hangs';
  inbox: Inbox;
  buttons: ButtonStore;
  seen: Seen;
  bells: Bells;
  /** What was accepted, in order. */
  accepted: AcceptedRequest[];
  /** Identities that were taken back or carried out. */
  finished: string[];
  rung: Bell[];
  /** How many calls hang. */
  readonly hanging: number;
  /** Up again; whatever hung goes on as if the store had only been slow. */
  wake(): void;
}

/** The stores' in-memory twins behind a switch. */
export function openStores(): Stores {
  const sleepers: (() => void)[] = [];
  const met = new Set<string>();
  const inbox = createMemoryInbox({ clock: { now: Date.now } });
  const buttons = createMemoryButtons();
  const answers = async () => {
    if (stores.state === 'down') throw new UnavailableError('the store is gone');
    if (stores.state === 'hangs') await new Promise<void>((resolve) => sleepers.push(resolve));
  };
  const stores: Stores = {
    state: 'up',
    accepted: [],
    finished: [],
    rung: [],
    get hanging() {
      return sleepers.length;
    },
    wake() {
      stores.state = 'up';
      for (const go of sleepers.splice(0)) go();
    },
    inbox: {
      ...inbox,
      async accept(request) {
        await answers();
        const accepted = await inbox.accept(request);
        if (accepted === 'accepted') stores.accepted.push(request);
        return accepted;
      },
      async finish(id) {
        stores.finished.push(id);
        await inbox.finish(id);
      },
    },
    buttons: {
      put: async (request) => answers().then(() => buttons.put(request)),
      get: async (id) => answers().then(() => buttons.get(id)),
    },
    seen: {
      async first(key) {
        await answers();
        const isFirst = !met.has(key);
        met.add(key);
        return isFirst;
      },
    },
    bells: {
      async ring(bell) {
        await answers();
        stores.rung.push(bell);
      },
      expect: () => undefined,
    },
  };
  return stores;
}
