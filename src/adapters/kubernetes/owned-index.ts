import type { Change } from './object-store.ts';

/** Objects by the uid of their owner. Objects without one are not kept. */
export interface OwnedIndex<T> {
  apply(change: Change<T>): void;
  of(ownerUid: string): T[];
}

export function createOwnedIndex<T>(ownerOf: (object: T) => string | undefined): OwnedIndex<T> {
  const byOwner = new Map<string, Map<string, T>>();
  const remove = (key: string, owner: string | undefined): void => {
    const owned = byOwner.get(owner ?? '');
    owned?.delete(key);
    if (owned?.size === 0) byOwner.delete(owner ?? '');
  };
  return {
    apply: ({ key, before, after }) => {
      if (before !== undefined) remove(key, ownerOf(before));
      const owner = after === undefined ? undefined : ownerOf(after);
      if (after === undefined || owner === undefined) return;
      const owned = byOwner.get(owner) ?? new Map<string, T>();
      byOwner.set(owner, owned.set(key, after));
    },
    of: (ownerUid) => [...(byOwner.get(ownerUid)?.values() ?? [])],
  };
}
