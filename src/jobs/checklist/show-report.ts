import { itemHits, type RefusedCut } from '../../domain/checklist/item-hits.ts';
import type { ReleaseId } from '../../domain/ids.ts';
import type { ReleaseFact } from '../../domain/ledger/fact.ts';
import { environmentRules } from '../../domain/rules.ts';
import type { Ports } from '../../ports/ports.ts';
import { notDone } from '../../views/answers.ts';
import { checklistReportAnswer } from '../../views/checklist-report.ts';
import { readEnvironment, readRelease } from '../read-state.ts';
import type { Carry } from '../requests/asked.ts';

/** Releases that are looked back at: a quarter of them in most places. */
const LOOKED_THROUGH = 100;

/** Tells which items ever kept a release back, and which only take time. */
export const checklistReport: Carry<'checklistReport'> = async ({ ports, rules }, asked) => {
  const { environment: name } = asked.request;
  if (name !== undefined && environmentRules(rules, name) === undefined)
    return notDone(`There is no environment ${name}.`);
  const releases = await releasesWithLists(ports, name);
  const oldest = releases.at(-1)?.at(0)?.occurredAt;
  const names = rules.environments
    .map((each) => each.name)
    .filter((each) => name === undefined || each === name);
  const cuts = await Promise.all(names.map((each) => refusedCuts(ports, each, oldest)));
  return checklistReportAnswer({
    of: name ?? 'every environment',
    releases: releases.length,
    hits: itemHits(releases, cuts.flat()),
  });
};

/** Facts of the releases that go by a checklist, newest first. */
async function releasesWithLists(
  { ledger }: Pick<Ports, 'ledger'>,
  environment: string | undefined,
): Promise<ReleaseFact[][]> {
  const prefix = environment === undefined ? 'release:' : `release:${environment}/`;
  const streams = (await ledger.recent('release', LOOKED_THROUGH)).filter((stream) =>
    stream.startsWith(prefix),
  );
  const readings = await Promise.all(
    streams.map((stream) => readRelease(ledger, stream.slice('release:'.length) as ReleaseId)),
  );
  return readings.flatMap((reading) => (reading?.state.checklist ? [reading.at.facts as ReleaseFact[]] : []));
}

/** Cuts that were refused since the oldest release that is looked at. */
async function refusedCuts(
  ports: Pick<Ports, 'ledger' | 'snapshots'>,
  environment: string,
  since: string | undefined,
): Promise<RefusedCut[]> {
  const { refusedCuts: all = [] } = (await readEnvironment(ports, environment)).state;
  return since === undefined ? [] : all.filter(({ at }) => at >= since);
}
