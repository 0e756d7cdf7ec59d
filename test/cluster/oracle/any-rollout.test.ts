import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findPrograms } from '../build.ts';
import { oracleModule } from '../programs.ts';
import { anySnapshot } from './any-rollout.ts';
import { blindSpots, differences, readSnapshot } from './compare.ts';
import { MESSAGE_CLASSES, messageClass } from './message-class.ts';
import { type Oracle, startOracle } from './rollout-info.ts';

const ROLLOUTS = 10_000;
/** One message in some ten thousand Rollouts is rare: so many times more are drawn until each was seen. */
const MORE = 9;
const BLIND_SPOTS = ['aborted without a step', 'workload'];

let oracle: Oracle;

beforeAll(async () => {
  oracle = startOracle((await findPrograms({ modules: [oracleModule] })).program('rollout-info'));
});

afterAll(() => oracle?.[Symbol.asyncDispose]());

it('reads every Rollout as the kubectl plugin does, whatever its controller wrote', {
  timeout: 240_000,
}, async () => {
  const classes = new Set<string>();
  const blind = new Set<string>();
  const law = fc.asyncProperty(anySnapshot, async (snapshot) => {
    const [view, info] = [readSnapshot(snapshot), await oracle.ask(snapshot)];
    expect(differences(view, info, snapshot)).toEqual([]);
    classes.add(messageClass(view));
    for (const spot of blindSpots(info, snapshot)) blind.add(spot);
  });
  const missing = () => [
    ...MESSAGE_CLASSES.filter((each) => !classes.has(each)),
    ...BLIND_SPOTS.filter((each) => !blind.has(each)),
  ];
  // Fast-check prints the seed and the path of the smallest counterexample; given here, they play it again.
  await fc.assert(law, { numRuns: ROLLOUTS });
  for (let more = 0; more < MORE && missing().length > 0; more++) await fc.assert(law, { numRuns: ROLLOUTS });
  expect(missing()).toEqual([]);
  expect(blind.size).toBe(BLIND_SPOTS.length);
});
