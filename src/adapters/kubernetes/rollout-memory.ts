import { isDeepStrictEqual } from 'node:util';
import type { RolloutObject } from '../../domain/rollout/objects/rollout-object.ts';
import type { RolloutParts } from '../../domain/rollout/read-rollout.ts';
import type { Change } from './object-store.ts';
import { createOwnedObjects, type OwnedObjects } from './owned-objects.ts';

/** Rollouts and what belongs to them, as the watches last said, found by whom each thing belongs to. */
export interface RolloutMemory extends Omit<OwnedObjects, 'of'> {
  rollout(change: Change<RolloutObject>): void;
  /** A Rollout with its parts by `<namespace>/<name>`. */
  find(key: string): Remembered;
}

export type Remembered =
  | { kind: 'found'; parts: RolloutParts }
  | { kind: 'missing' }
  | { kind: 'unreadable'; reason: string };

/** Calls back with the key of each Rollout of which anything changed that we read. */
export function createRolloutMemory(onChanged: (key: string) => void): RolloutMemory {
  const rollouts = new Map<string, RolloutObject>();
  const unreadable = new Map<string, string>();
  const keyOfRollout = new Map<string, string>();
  const owned = createOwnedObjects((rolloutUid) => {
    const key = keyOfRollout.get(rolloutUid);
    // What comes before its Rollout is announced together with it.
    if (key !== undefined) onChanged(key);
  });
  return {
    ...owned,
    rollout: ({ key, before, after, unreadable: reason }) => {
      if (before) keyOfRollout.delete(before.metadata.uid);
      if (after) keyOfRollout.set(after.metadata.uid, key);
      replace(rollouts, key, after);
      replace(unreadable, key, reason);
      if (!isDeepStrictEqual(withoutVersion(before), withoutVersion(after)) || reason) onChanged(key);
    },
    find: (key) => {
      const reason = unreadable.get(key);
      if (reason !== undefined) return { kind: 'unreadable', reason };
      const rollout = rollouts.get(key);
      if (rollout === undefined) return { kind: 'missing' };
      return { kind: 'found', parts: { rollout, ...owned.of(rollout.metadata.uid) } };
    },
  };
}

/** The controller writes status often; a new version alone is no news. */
function withoutVersion(rollout: RolloutObject | undefined): object | undefined {
  return rollout && { ...rollout, metadata: { ...rollout.metadata, resourceVersion: '' } };
}

function replace<T>(all: Map<string, T>, key: string, value: T | undefined): void {
  if (value === undefined) all.delete(key);
  else all.set(key, value);
}
