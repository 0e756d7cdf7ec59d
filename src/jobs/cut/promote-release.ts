import { type Content, sameContent } from '../../domain/content.ts';
import type { EnvironmentState } from '../../domain/environment/environment-state.ts';
import { type EnvironmentName, type ReleaseId, splitReleaseId } from '../../domain/ids.ts';
import { readManifest } from '../../domain/manifest/manifest.ts';
import { findRelease } from '../../domain/naming/find-release.ts';
import { phaseOfRelease, type ReleaseState } from '../../domain/release/release-state.ts';
import { type EnvironmentRules, environmentRules } from '../../domain/rules.ts';
import { TerminalError } from '../../errors.ts';
import { notDone, said } from '../../views/answers.ts';
import { readEnvironment, readRelease } from '../read-state.ts';
import type { Asked, Carry, Desk } from '../requests/asked.ts';
import { notOne, whichRelease } from '../requests/which-release.ts';
import { withAuthorsSince } from './choose-contents.ts';
import { notAllowed, recordRelease, wishFor } from './cut-release.ts';
import type { Wish } from './prepare-release.ts';

/** Finished releases looked through: nobody promotes one that is older. */
const MOST = 100;

/** Takes a verified release, under its name and as it is, to the next environment. */
export const promote: Carry<'promote'> = async (desk, asked) => {
  const steps = stepsFor(desk, asked.request.environment);
  if (steps.length === 0) return notDone('There is no environment to promote to.');
  const candidates = await promotable(desk, steps, asked.request.release !== undefined);
  const found = findRelease(asked.request.release, {
    candidates: candidates.map(({ id }) => ({ id, open: true })),
  });
  if (found.kind === 'none' && asked.request.release === undefined) {
    return said('Nothing to promote: everything verified is one environment further already.');
  }
  if (found.kind === 'none') {
    const gone = await whyNot(desk, steps, asked.request.release);
    if (gone) return gone;
  }
  if (found.kind !== 'one') {
    return notOne(found, (id) => ({
      ...asked.request,
      release: splitReleaseId(id).name,
      environment: targetOf(steps, id),
    }));
  }
  const chosen = candidates.find(({ id }) => id === found.release);
  return chosen && carryOver(desk, asked, chosen);
};

/** Says what became of a release that is named and cannot be promoted; absent when nobody knows one by that name. */
async function whyNot({ ports }: Desk, steps: readonly Step[], word: string | undefined) {
  for (const { from } of steps) {
    const named = await whichRelease(ports, { word, environment: from, finished: true });
    const reading = named.kind === 'one' ? await readRelease(ports.ledger, named.release) : undefined;
    if (reading === undefined) continue;
    const { state } = reading;
    const phase = phaseOfRelease(state, state.started !== undefined);
    return notDone(`${state.name} in ${from} is ${phase}: only what is released there can go on. Not done.`);
  }
  return undefined;
}

interface Step {
  from: EnvironmentName;
  to: EnvironmentRules;
}

interface Promotable extends Step {
  id: ReleaseId;
  release: ReleaseState;
}

/** From which environments to which: to the one named, or each to its next. */
function stepsFor({ rules }: Desk, target: EnvironmentName | undefined): Step[] {
  const targets = target === undefined ? rules.environments : [environmentRules(rules, target)];
  return targets.flatMap((to) => (to?.previous === undefined ? [] : [{ from: to.previous, to }]));
}

function targetOf(steps: readonly Step[], id: ReleaseId): EnvironmentName {
  const { environment } = splitReleaseId(id);
  return steps.find(({ from }) => from === environment)?.to.name ?? environment;
}

/** Releases that ended proved and are news further on; when one is named, all that ended proved. */
async function promotable({ ports }: Desk, steps: readonly Step[], isNamed: boolean): Promise<Promotable[]> {
  const recent = (await ports.ledger.recent('release', MOST)).map(
    (stream) => stream.slice('release:'.length) as ReleaseId,
  );
  const found = await Promise.all(
    recent.map(async (id): Promise<Promotable[]> => {
      const step = steps.find(({ from }) => from === splitReleaseId(id).environment);
      const reading = step && (await readRelease(ports.ledger, id));
      if (step === undefined || reading?.state.ended?.outcome !== 'released') return [];
      const wanted = isNamed || (await isNews(ports, reading.state, step));
      return wanted ? [{ ...step, id, release: reading.state }] : [];
    }),
  );
  return found.flat();
}

/** Whether it is what its environment runs, whole, and not what the next one runs. */
async function isNews(ports: Desk['ports'], release: ReleaseState, { from, to }: Step): Promise<boolean> {
  const [here, there] = await Promise.all([readEnvironment(ports, from), readEnvironment(ports, to.name)]);
  const services = Object.entries(release.plan.services);
  const runs = (state: EnvironmentState, service: string, content: Content) => {
    const now = state.known[service]?.[0]?.content;
    return now !== undefined && sameContent(now, content);
  };
  return (
    services.every(([service, planned]) => runs(here.state, service, planned.to)) &&
    services.some(([service, planned]) => !runs(there.state, service, planned.to))
  );
}

/**
 * What the services of a release promise each other goes with it, and so do the flags it brings and what changes in databases. Throws
 * `TerminalError` for a document that no longer reads.
 */
async function promisesIn(
  { yaml }: Pick<Desk['ports'], 'yaml'>,
  { path, text }: ReleaseState['manifest'],
): Promise<Pick<Wish, 'contracts' | 'flags' | 'changes'>> {
  const read = await yaml.read(text);
  const told =
    read.kind === 'read' ? readManifest({ file: path, value: read.value, locate: read.locate }) : undefined;
  if (told?.kind !== 'read')
    throw new TerminalError(`${path} of this release is no longer understood: cut it again instead.`);
  const { contracts = [], flags = [], migrations, rollback } = told.manifest.spec;
  // Each environment of ours has its own at the provider.
  return {
    contracts,
    flags: flags.map(({ environment: _, ...flag }) => flag),
    changes: { migrations, rollback },
  };
}

async function carryOver(desk: Desk, asked: Asked<'promote'>, { id, from, to, release }: Promotable) {
  // Everybody may know what would be done.
  const refused = asked.request.dryRun ? undefined : notAllowed(asked, to, 'promote');
  if (refused) return refused;
  const wish = await wishFor(desk, { environment: to, asked, chosen: { contents: {}, unresolved: [] } });
  const { known } = (await readEnvironment(desk.ports, from)).state;
  const contents = Object.fromEntries(
    Object.entries(release.plan.services).map(([service, planned]) => {
      const now = wish.here.known[service]?.[0]?.content;
      return [service, withAuthorsSince(planned.to, known[service] ?? [], now)];
    }),
  );
  const promises = await promisesIn(desk.ports, release.manifest);
  return recordRelease(desk, asked, {
    wish: { ...wish, contents, ...promises, name: release.name, promotedFrom: id },
  });
}
