import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Findings } from './judge.ts';
import { MESSAGE_CLASSES } from './message-class.ts';
import { createPlayer } from './play.ts';
import { compareAtRest } from './rest.ts';
import { anyScenario, CERTAIN, type Scenario } from './scenario.ts';
import { type OracleWorld, openOracleWorld } from './world.ts';

const RANDOM_SCENARIOS = 14;
/** Scenarios at a time: most of the time each of them waits. */
const AT_A_TIME = 4;
/** Draws of further scenarios, each of twice as many as are played at a time. */
const MORE = 6;
const FEWEST_MOMENTS = 300;
const MOST_FAULTS_SHOWN = 5;

/** Only a load balancer of AWS has something to verify. `any-rollout.test.ts` covers that message without one. */
const UNREACHABLE = 'Progressing: waiting for post-promotion verification to complete';
/** On a calm machine a restart may be over before the controller writes once; then only `any-rollout.test.ts` shows it. */
const FLEETING = 'Progressing: rollout is restarting';
const REACHABLE = MESSAGE_CLASSES.filter((each) => each !== UNREACHABLE && each !== FLEETING).sort();

/** The same seed makes the same scenarios; when exactly their controller does what, is its own affair. */
const SEED = Number(process.env['ORACLE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

it('sees every moment of every Rollout as the kubectl plugin sees it', { timeout: 600_000 }, async () => {
  await using world = await openOracleWorld();
  const scenarios = [...CERTAIN, ...fc.sample(anyScenario, { seed: SEED, numRuns: RANDOM_SCENARIOS })];
  const { findings } = world.judge;
  const missing = () => REACHABLE.filter((each) => !findings.written.has(each));
  await playAll(world, scenarios.entries());
  await world.judge.done();
  // Some messages stand for a few milliseconds, and only in some scenarios: more are drawn until each was seen.
  for (let more = 1; more <= MORE && missing().length > 0; more++) {
    const first = scenarios.length;
    scenarios.push(...fc.sample(anyScenario, { seed: SEED + more, numRuns: AT_A_TIME * 2 }));
    await playAll(world, [...scenarios.entries()].slice(first));
    await world.judge.done();
  }
  expect(await describeFaults(findings, scenarios), `ORACLE_SEED=${SEED} plays it again`).toEqual([]);
  expect(findings.moments).toBeGreaterThan(FEWEST_MOMENTS);
  expect(missing()).toEqual([]);
  expect([...findings.written].filter((each) => !MESSAGE_CLASSES.some((known) => known === each))).toEqual(
    [],
  );
  expect([...findings.blind].sort()).toEqual(['aborted without a step', 'workload']);
});

async function playAll(world: OracleWorld, scenarios: Iterable<[number, Scenario]>): Promise<void> {
  const player = createPlayer(world);
  const left = [...scenarios];
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [index, scenario] = next;
      await player.play(`scene-${index}`, scenario);
      await compareAtRest(world, `scene-${index}`);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
}

/** What differed, with the scenario and a file that holds the objects. */
async function describeFaults({ faults }: Findings, scenarios: readonly Scenario[]): Promise<string[]> {
  if (faults.length === 0) return [];
  const folder = await mkdtemp(join(tmpdir(), 'oracle-faults-'));
  const shown = faults.slice(0, MOST_FAULTS_SHOWN).map(async ({ name, differences, snapshot }, index) => {
    const file = join(folder, `${index}.json`);
    await writeFile(file, JSON.stringify(snapshot));
    const scenario = JSON.stringify(scenarios[Number(name.slice('scene-'.length))]);
    return `${differences.join('; ')} (objects: ${file}, scenario: ${scenario})`;
  });
  return Promise.all(shown);
}
