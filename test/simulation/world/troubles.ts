import { hookDeclined, protectedBranch } from '../../../src/sandbox/git-server/push-faults.ts';
import type { Sampled } from '../ports/memory-metrics.ts';
import type { Draw } from './draw.ts';
import { CLUSTERS } from './shop.ts';
import type { Part, Weather } from './weather.ts';
import type { World } from './world.ts';

/** Something large that is away or refuses for a while. Answers how to end it. */
type Trouble = (world: World, weather: Weather, draw: Draw) => () => void;

const PARTS: readonly Part[] = ['store', 'git', 'chat', 'registry'];

/** People of one or the other cluster's RBAC, and the policy of one environment. */
const UNKNOWN_TO_CLUSTERS = ['slack:T1:UANA', 'slack:T1:UBEN', 'slack:T1:UCLEO', 'signalbox:policy:prod'];

/** What metrics say while they cannot be relied on. */
const NONSENSE: readonly Sampled[] = [
  { kind: 'away' },
  { kind: 'error' },
  { kind: 'values', values: [] },
  { kind: 'values', values: ['NaN'] },
  { kind: 'values', values: [0.001, 0.002] },
];

const TROUBLES: readonly Trouble[] = [
  ...PARTS.map(
    (part): Trouble =>
      (_, weather) => {
        weather.setAway(part, true);
        return () => weather.setAway(part, false);
      },
  ),
  ({ clusters }, _, draw) => clusters.goAway(draw.pick(CLUSTERS)),
  ...Array.from(
    { length: 3 },
    (): Trouble =>
      ({ metrics }, _, draw) => {
        metrics.trouble = draw.pick(NONSENSE);
        return () => {
          metrics.trouble = undefined;
        };
      },
  ),
  ({ repositories }, _, draw) => {
    const repository = draw.pick([...repositories.values()]);
    repository.faultPushesTo('main', draw.pick([hookDeclined('not now'), protectedBranch('main')]));
    return () => repository.faultPushesTo('main', undefined);
  },
  ({ clusters }, _, draw) => {
    const user = draw.pick(UNKNOWN_TO_CLUSTERS);
    clusters.refused.add(user);
    return () => clusters.refused.delete(user);
  },
];

/** Most outages are short; some are longer than anybody waits. */
const LENGTHS_MS = [3_000, 10_000, 45_000, 90_000];

/** Lets parts of the world be away for a while, and all of them back when the storm is over. */
export function startTroubles(world: World, { weather, until }: { weather: Weather; until: number }): void {
  const { time } = world;
  const draw = world.draw.fork();
  for (let left = draw.pick([0, 1, 3, 6]); left > 0; left -= 1) {
    const trouble = draw.pick(TROUBLES);
    const begin = draw.integer(time.now(), until);
    time.at(begin, () => {
      const end = trouble(world, weather, draw);
      time.at(Math.min(until, time.now() + draw.pick(LENGTHS_MS)), end);
    });
  }
}
