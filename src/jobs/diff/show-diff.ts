import { compare } from '../../domain/diff/differences.ts';
import type { Side } from '../../domain/diff/side.ts';
import type { EnvironmentName, ReleaseId } from '../../domain/ids.ts';
import type { DiffSide } from '../../domain/request.ts';
import { environmentRules } from '../../domain/rules.ts';
import type { Answer } from '../../ports/message.ts';
import { notDone } from '../../views/answers.ts';
import { diffAnswer } from '../../views/diff.ts';
import { readRelease } from '../read-state.ts';
import type { Asked, Carry, Desk } from '../requests/asked.ts';
import { notOne, whichRelease } from '../requests/which-release.ts';
import { sideInCluster, sideInGit, sideOfEnvironment, sideOfRelease } from './read-side.ts';

/** What differs between two releases, two environments, or what Git and the cluster say of one. Asks for no right. */
export const diff: Carry<'diff'> = async (desk, asked) => {
  const a = await readSide(desk, asked, 'a');
  if ('kind' in a) return a;
  const b = await readSide(desk, asked, 'b');
  if ('kind' in b) return b;
  return diffAnswer(compare(a, b), { plan: planFor(desk, asked) });
};

async function readSide(desk: Desk, asked: Asked<'diff'>, which: 'a' | 'b'): Promise<Side | Answer> {
  const side = asked.request[which];
  if (side.kind === 'release') return readReleaseSide(desk, asked, { which, word: side.release });
  if (environmentRules(desk.rules, side.environment) === undefined)
    return notDone(`There is no environment ${side.environment}.`);
  const read = { environment: sideOfEnvironment, git: sideInGit, cluster: sideInCluster }[side.kind];
  return read(desk, side.environment);
}

async function readReleaseSide(
  desk: Desk,
  asked: Asked<'diff'>,
  { which, word }: { which: 'a' | 'b'; word: string },
): Promise<Side | Answer> {
  const found = await whichRelease(desk.ports, { word, finished: true });
  const again = (id: ReleaseId) => {
    const chosen: DiffSide = { kind: 'release', release: id };
    return { ...asked.request, [which]: chosen };
  };
  if (found.kind !== 'one') return notOne(found, again);
  const reading = await readRelease(desk.ports.ledger, found.release);
  return reading ? sideOfRelease(reading.state) : notDone(`There is no release ${found.release}.`);
}

/** The environment whose plan would take these differences there; absent when the two are not neighbours. */
function planFor({ rules }: Desk, { request: { a, b } }: Asked<'diff'>): EnvironmentName | undefined {
  if (a.kind !== 'environment' || b.kind !== 'environment') return undefined;
  return environmentRules(rules, b.environment)?.previous === a.environment ? b.environment : undefined;
}
