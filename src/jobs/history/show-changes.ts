import { servicesIn } from '../../domain/catalog/catalog.ts';
import { flagChangesOf } from '../../domain/history/flag-changes.ts';
import { changesIn, changesObserved, foundAtFirstSight } from '../../domain/history/service-changes.ts';
import { ReleaseId, type ServiceName } from '../../domain/ids.ts';
import type { ReleaseFact } from '../../domain/ledger/fact.ts';
import { didYouMean } from '../../domain/naming/nearest.ts';
import type { ReleaseState } from '../../domain/release/release-state.ts';
import type { Ports } from '../../ports/ports.ts';
import { notDone } from '../../views/answers.ts';
import { changesAnswer } from '../../views/history.ts';
import { type Reading, readEnvironment, readRelease } from '../read-state.ts';
import type { Carry, Desk } from '../requests/asked.ts';
import { boardLinks } from './board-links.ts';

/** How far back where nobody says it, in milliseconds: a day. */
const USUAL_MS = 24 * 3600 * 1000;

/** Releases looked through, those first of which anything was written last; as many are read at once. */
const MOST_RELEASES = 1000;
const AT_ONCE = 25;

/** What changed a service lately and who did it, newest first, from the ledger. Asks for no right. */
export const changes: Carry<'changes'> = async (desk, asked) => {
  const { ports, rules } = desk;
  const { service, environment, withinMs = USUAL_MS } = asked.request;
  const shown = rules.environments.filter(({ name }) => environment === undefined || name === environment);
  const environments = await Promise.all(shown.map(({ name }) => readEnvironment(ports, name)));
  const since = new Date(ports.clock.now() - withinMs).toISOString();
  const readings = (await touchedSince(ports, since)).filter(({ state }) =>
    shown.some(({ name }) => name === state.environment),
  );
  const found = [
    ...readings.flatMap(({ state, at }) => changesIn({ state, facts: at.facts as ReleaseFact[] }, service)),
    ...environments.flatMap(({ state }) => [
      ...foundAtFirstSight(state, service),
      ...changesObserved(state, service),
      ...flagChangesOf(state, service),
    ]),
  ];
  if (found.length === 0) {
    const unknown = await unknownService(desk, { service, readings, environments });
    if (unknown !== undefined) return notDone(`There is no service ${service}: ${unknown}.`);
  }
  const recent = found
    .filter(({ at }) => at >= since)
    .toReversed()
    .sort((a, b) => b.at.localeCompare(a.at));
  return changesAnswer({
    service,
    withinMs,
    environment,
    prefix: rules.commandPrefix,
    changes: recent,
    nameOf: (id) => ports.directory.nameOf(id),
    linkOf: await boardLinks(ports, {
      states: readings.map(({ state }) => state),
      wanted: recent.flatMap(({ release }) => release ?? []),
    }),
    commitUrl: (repository, commit) => rules.repositories[repository]?.commitUrl?.replace('{commit}', commit),
  });
};

/** Releases of which anything was written since; the ledger gives them in that order, so the first older one ends it. */
async function touchedSince(
  { ledger }: Pick<Ports, 'ledger'>,
  since: string,
): Promise<Reading<ReleaseState>[]> {
  const streams = await ledger.recent('release', MOST_RELEASES);
  const touched: Reading<ReleaseState>[] = [];
  for (let i = 0; i < streams.length; i += AT_ONCE) {
    const readings = await Promise.all(
      streams
        .slice(i, i + AT_ONCE)
        .map((stream) => readRelease(ledger, ReleaseId.parse(stream.slice('release:'.length)))),
    );
    const fresh = readings.flatMap((reading) =>
      reading && (reading.at.facts.at(-1)?.recordedAt ?? '') >= since ? [reading] : [],
    );
    touched.push(...fresh);
    if (fresh.length < readings.length) break;
  }
  return touched;
}

/** How a refusal of the name goes on; absent when somebody knows the service. */
async function unknownService(
  { catalog, rules }: Desk,
  asked: {
    service: ServiceName;
    readings: readonly Reading<ReleaseState>[];
    environments: readonly { state: { known: Readonly<Record<string, unknown>> } }[];
  },
): Promise<string | undefined> {
  const listed = catalog.latest();
  const names = new Set([
    ...(listed ? rules.environments.flatMap(({ name }) => servicesIn(listed, name)) : []),
    ...asked.environments.flatMap(({ state }) => Object.keys(state.known)),
    ...asked.readings.flatMap(({ state }) => Object.keys(state.plan.services)),
  ]);
  return names.has(asked.service) ? undefined : didYouMean(asked.service, names);
}
