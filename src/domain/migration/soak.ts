import { type KnownContent, sameContent } from '../content.ts';
import { own } from '../document/own.ts';
import type { EnvironmentState } from '../environment/environment-state.ts';
import { releaseId } from '../ids.ts';
import { verifiedAt } from '../plan/standing-history.ts';
import type { PlannedMigration } from './planned-migration.ts';

/**
 * Since when the code that does not need what a contract migration removes has run, in milliseconds since 1970: since the release
 * that it comes after was verified, or, where it names none, since the youngest of its services runs what it runs. Absent when
 * nobody can tell.
 */
export function soakedSince(
  { after, services }: Pick<PlannedMigration, 'after' | 'services'>,
  environment: Pick<EnvironmentState, 'name' | 'known'>,
): number | undefined {
  if (after?.release !== undefined)
    return verifiedAt(environment.known, releaseId(environment.name, after.release));
  const since = services.map((service) => runsSince(own(environment.known, service) ?? []));
  return since.length === 0 || since.includes(undefined)
    ? undefined
    : Math.max(...since.filter((at) => at !== undefined));
}

/** `known` is newest first, and holds a content again each time it was proved again. */
function runsSince(known: readonly KnownContent[]): number | undefined {
  const [newest] = known;
  if (newest === undefined) return undefined;
  const other = known.findIndex(({ content }) => !sameContent(content, newest.content));
  const first = known[other === -1 ? known.length - 1 : other - 1];
  return first && Date.parse(first.at);
}
