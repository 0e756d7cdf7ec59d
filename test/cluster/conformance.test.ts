import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { ConformanceCase } from '../conformance/cluster/case.ts';
import { Stage } from '../conformance/cluster/stage.ts';
import { clusterCases } from '../conformance/cluster-cases.ts';
import { withTable } from './conformance-table.ts';
import { type OpenTarget, openSimulatedTarget, openTarget } from './conformance-target.ts';

/** So that no case is lost without anybody noticing. */
const CASES = 75;

const README = new URL('README.md', import.meta.url);

const held = { simulated: new Set<string>(), real: new Set<string>() };

function holdAgainst(where: keyof typeof held, open: () => Promise<OpenTarget>): void {
  describe(`the ${where} cluster does what the product relies on`, () => {
    let opened: OpenTarget;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened?.[Symbol.asyncDispose]());
    for (const { name, run } of clusterCases as readonly ConformanceCase[]) {
      it.concurrent(name, async () => {
        await using stage = await Stage.open(opened.target, where);
        await run(stage);
        held[where].add(name);
      });
    }
  });
}

holdAgainst('simulated', openSimulatedTarget);
holdAgainst('real', openTarget);

it('holds both clusters against every case, and README.md says so', async () => {
  expect(clusterCases.length).toBe(CASES);
  const results = clusterCases.map(({ name }) => ({
    name,
    simulated: held.simulated.has(name),
    real: held.real.has(name),
  }));
  expect(results.filter(({ simulated, real }) => !simulated || !real)).toEqual([]);
  const before = await readFile(README, 'utf8');
  const after = withTable(before, results);
  if (inject('writeTable')) await writeFile(README, after);
  else expect(before).toBe(after);
});
