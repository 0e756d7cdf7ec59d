import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findPrograms } from '../build.ts';
import { oracleModule } from '../programs.ts';
import { anySnapshot } from './any-rollout.ts';
import { blindSpots, differences, readSnapshot } from './compare.ts';
import { MESSAGE_CLASSES, messageClass } from './message-class.ts';
import { type Oracle, startOracle } from './rollout-info.ts';

let oracle: Oracle;

beforeAll(async () => {
  oracle = startOracle((await findPrograms({ modules: [oracleModule] })).program('rollout-info'));
});

afterAll(() => oracle?.[Symbol.asyncDispose]());

it('reads every Rollout as the kubectl plugin does, whatever its controller wrote', async () => {
  const classes = new Set<string>();
  const blind = new Set<string>();
  const law = fc.asyncProperty(anySnapshot, async (snapshot) => {
    const [view, info] = [readSnapshot(snapshot), await oracle.ask(snapshot)];
    expect(differences(view, info, snapshot)).toEqual([]);
    classes.add(messageClass(view));
    for (const spot of blindSpots(info, snapshot)) blind.add(spot);
  });
  // Fast-check prints the seed and the path of the smallest counterexample; given here, they play it again.
  await fc.assert(law, { numRuns: 10_000 });
  expect([...classes].sort()).toEqual(expect.arrayContaining([...MESSAGE_CLASSES].sort()));
  expect([...blind].sort()).toEqual(['aborted without a step', 'workload']);
});
