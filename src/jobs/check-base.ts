import type { OwnedKey } from '../domain/content.ts';
import type { ReleaseState } from '../domain/release/release-state.ts';
import type { BranchView } from '../ports/git.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Yaml } from '../ports/yaml.ts';
import { readRelease } from './read-state.ts';

/**
 * Why a commit must not be built on this base. Asked when the base is known: whoever took this release back since either commits
 * before us, so that our push loses and we ask again, or after us, and has the last word. Absent when nothing is in the way.
 */
export async function checkBase(
  { ledger, yaml }: { ledger: Pick<Ledger, 'read'>; yaml: Pick<Yaml, 'edit'> },
  release: ReleaseState,
  on: { base: BranchView; repository: string },
): Promise<string | undefined> {
  const by = (await readRelease(ledger, release.id))?.state.takenBack?.by;
  if (by !== undefined) return `${by} has taken this release back`;
  // A rollback restores what it planned, whoever wrote there since: it is never stopped by what it finds.
  return release.plan.type === 'rollback' ? undefined : changedSince(yaml, release, on);
}

/**
 * Somebody changed a value that the release owns since its plan was made, so what was approved is not what would happen. Absent
 * when every key holds what the plan started from, or already what it wants.
 */
async function changedSince(
  yaml: Pick<Yaml, 'edit'>,
  release: ReleaseState,
  { base, repository }: { base: BranchView; repository: string },
): Promise<string | undefined> {
  for (const [service, planned] of Object.entries(release.plan.services)) {
    if (planned.from === undefined) continue;
    const known = planned.from.keys.filter((key) => key.repository === repository);
    for (const file of new Set(known.map((key) => key.file))) {
      const text = await base.read(file);
      if (text === undefined) return `${file} is gone from the branch`;
      const expected = known.filter((key) => key.file === file);
      const now = await yaml.edit(text, expected);
      if (now.kind === 'refused')
        return `${file}:${now.faults[0]?.line ?? 1}: ${now.faults[0]?.message ?? 'unreadable'}`;
      const foreign = now.before.find((key, i) => !expects(key, expected[i], planned.to.keys));
      if (foreign) {
        return `${file} says ${String(foreign.value)} for ${service}, not what this release was planned from; cut it again`;
      }
    }
  }
  return undefined;
}

function expects(now: OwnedKey, from: OwnedKey | undefined, wanted: readonly OwnedKey[]): boolean {
  const to = wanted.find((key) => key.file === now.file && key.path.join('\0') === now.path.join('\0'));
  return now.value === from?.value || now.value === to?.value;
}
