import { describe, expect, it } from 'vitest';
import { playSeeds } from './play-seeds.ts';
import { crashPoints } from './reached.ts';

/** What 5,000 releases must have come to, and how often at the least: a world in which nothing happens keeps every law. */
const LEAST: Readonly<Record<string, number>> = {
  release: 2_000,
  promotion: 15,
  'rollback by person': 500,
  'rollback by policy': 30,
  'ended released': 400,
  'ended restored': 500,
  'ended rolled-back': 400,
  'ended partially-rolled-back': 100,
  'ended rejected': 200,
  'ended cancelled': 150,
  'ended expired': 50,
  'ended superseded': 60,
  'held gateFailed': 100,
  'held gateUnclear': 20,
  'held pushRejected': 300,
  'held migration': 40,
  'migration.done': 90,
  'gate pass': 500,
  'gate fail': 80,
  'gate inconclusive': 25,
  'rollout.abort': 300,
  'rollout.resume': 300,
  'rollout.promoteFull': 150,
  'rollout.retry': 30,
  'approvals.voided': 40,
  'manifest.adopted': 20,
  'append conflict': 800,
  'refused rejected': 500,
  'refused stale': 5,
  'refused forbidden': 1,
  'found done': 100,
  'commit by hand': 200,
};
/** Distinct calls of ports before or after which a worker must have died: rare ones take many worlds. */
const CRASH_POINTS = [
  { releases: 5_000, least: 35 },
  { releases: 0, least: 15 },
] as const;

/** One shard of the simulation: every other seed, from this one on, until so many releases were played. */
export function holdLaws({ from, releases: most }: { from: number; releases: number }): void {
  describe(`worlds of seeds ${from}, ${from + 2}, ${from + 4}, …`, () => {
    it(`keep every law in ${most} releases, in every kind of trouble`, { timeout: 600_000 }, async () => {
      const { releases, reached, failures } = await playSeeds({ from, step: 2, releases: most });
      if (failures.length > 0) expect.fail(failures.join('\n\n'));
      expect(releases).toBeGreaterThanOrEqual(most);
      expect(missing(reached, most)).toEqual([]);
      const least = CRASH_POINTS.find((each) => most >= each.releases)?.least ?? 0;
      expect(crashPoints(reached).length).toBeGreaterThanOrEqual(least);
    });
  });
}

function missing(reached: ReadonlyMap<string, number>, releases: number): string[] {
  return Object.entries(LEAST).flatMap(([name, least]) => {
    const count = reached.get(name) ?? 0;
    const wanted = Math.floor((least * releases) / 5_000);
    return count < wanted ? [`${name}: ${count} of ${wanted}`] : [];
  });
}
