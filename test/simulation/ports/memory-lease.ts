import type { Clock } from '../../../src/ports/clock.ts';
import type { Held, Leases } from '../../../src/ports/lease.ts';

/** As the real leases: 2 s. */
const LEASE_MS = 2_000;

interface Owner {
  fence: number;
  /** Milliseconds since 1970. */
  until: number;
  renews(): boolean;
}

/** What Redis holds of the leases. Outlives the workers that a simulation crashes. */
export interface MemoryLeaseState {
  owners: Map<string, Owner>;
  fence: number;
}

export function emptyMemoryLeases(): MemoryLeaseState {
  return { owners: new Map(), fence: 0 };
}

interface MemoryLeasesOptions {
  state: MemoryLeaseState;
  clock: Clock;
  /**
   * Whether this worker still renews what it holds: one that is crashed or stands still does not, and loses it when it runs out.
   * Absent: it always does.
   */
  renews?(): boolean;
}

/** The in-memory twin of the leases, in the simulation's time. Nothing is scheduled: renewals are made up when somebody looks. */
export function createMemoryLeases({ state, clock, renews = () => true }: MemoryLeasesOptions): Leases {
  /** Who has it now, renewed as often as it would have been by now. */
  const ownerOf = (name: string): Owner | undefined => {
    const owner = state.owners.get(name);
    if (owner === undefined) return undefined;
    if (owner.renews()) owner.until = clock.now() + LEASE_MS;
    return owner.until > clock.now() ? owner : undefined;
  };

  const hold = (name: string, owner: Owner): Held => {
    const lost = new AbortController();
    const stillMine = () => {
      const held = ownerOf(name) === owner;
      if (!held) lost.abort();
      return held;
    };
    return {
      fence: owner.fence,
      lost: lost.signal,
      stillMine,
      confirm: async () => stillMine(),
      async release() {
        if (state.owners.get(name) === owner) state.owners.delete(name);
      },
    };
  };

  return {
    async take(name, { seize = false } = {}) {
      const present = ownerOf(name);
      if (present && !seize) return { kind: 'taken', freeInMs: present.until - clock.now() };
      state.fence = Math.max(state.fence + 1, clock.now());
      const owner: Owner = { fence: state.fence, until: clock.now() + LEASE_MS, renews };
      state.owners.set(name, owner);
      return { kind: 'mine', held: hold(name, owner) };
    },
  };
}
