import { type FlagRef, flagId } from '../../../src/domain/flag/flag-ref.ts';
import { type FlagSeen, isReached } from '../../../src/domain/flag/flag-setting.ts';
import type { Flags } from '../../../src/ports/flags.ts';

/** The in-memory twin of those who keep flags. `seen`: by `flagId` and environment; whoever drives it changes it. */
export interface MemoryFlags extends Flags {
  seen: Map<string, FlagSeen>;
}

/** Absent: there are no flags at all. */
export function createMemoryFlags(): MemoryFlags {
  const seen = new Map<string, FlagSeen>();
  return {
    seen,
    async read(ref) {
      const found = seen.get(keyOf(ref));
      return found ? { kind: 'seen', seen: found } : missing(ref);
    },
    async set({ ref, to, expects }) {
      const found = seen.get(keyOf(ref));
      if (found === undefined) return { kind: 'refused', why: 'missing', says: missing(ref).says };
      const { setting: before, revision } = found;
      if (isReached(before, to)) return { kind: 'found', before, after: before };
      if (expects !== undefined && expects !== revision)
        return {
          kind: 'refused',
          why: 'stale',
          says: `somebody else changed ${ref.key} since it was looked at`,
        };
      const share = to.on ? (to.share ?? before.share ?? 100) : 0;
      const isSame = share === 0 || share === 100;
      const { audience } = before;
      const after = { on: to.on, share, ...(isSame && { value: share === 100 }), audience };
      seen.set(keyOf(ref), { setting: after, revision: `${Number(revision) + 1}` });
      return { kind: 'done', before, after };
    },
    async access({ project, environment }) {
      return { kind: 'writes', says: `flags in ${environment} of project ${project} can be read and set` };
    },
  };
}

export function keyOf(ref: FlagRef): string {
  return `${flagId(ref)}@${ref.environment}`;
}

function missing({ key, environment, project }: FlagRef) {
  return { kind: 'missing' as const, says: `memory has no ${key} in ${environment} of project ${project}` };
}
