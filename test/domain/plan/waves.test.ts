import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cycleIn, type DependencyGraph, wavesOf } from '../../../src/domain/plan/waves.ts';

describe('waves', () => {
  it('puts each service into the first wave after all it depends on, each wave sorted', () => {
    const graph = { notif: ['worker', 'fe'], worker: ['api'], fe: ['api'], api: [] };
    expect(wavesOf(graph)).toEqual([['api'], ['fe', 'worker'], ['notif']]);
  });

  it('takes a dependency outside the release as there already', () => {
    expect(wavesOf({ web: ['orders'] })).toEqual([['web']]);
  });

  it('is not confused by a service called like a property of every object', () => {
    expect(wavesOf({ web: ['constructor'] })).toEqual([['web']]);
    expect(wavesOf({ web: ['constructor'], constructor: [] })).toEqual([['constructor'], ['web']]);
  });

  it('gives no waves for a cycle, and shows it from its smallest name', () => {
    const graph = { d: ['c'], c: ['a'], b: ['c'], a: ['b'] };
    expect(wavesOf(graph)).toBeUndefined();
    expect(cycleIn(graph)).toEqual(['a', 'b', 'c', 'a']);
    expect(cycleIn({ a: ['a'] })).toEqual(['a', 'a']);
    expect(cycleIn({ a: ['b'], b: [] })).toBeUndefined();
  });

  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const graphs: fc.Arbitrary<DependencyGraph> = fc.dictionary(
    fc.constantFrom(...names),
    fc.uniqueArray(fc.constantFrom(...names), { maxLength: 3 }),
  );

  it('never puts a service before or beside what it depends on, and forgets none', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const waves = wavesOf(graph);
        if (waves === undefined) return cycleIn(graph) !== undefined;
        const waveOf = new Map(waves.flatMap((wave, index) => wave.map((name) => [name, index])));
        expect([...waveOf.keys()].sort()).toEqual(Object.keys(graph).sort());
        return Object.entries(graph).every(([name, needed]) =>
          needed.every((other) => !waveOf.has(other) || (waveOf.get(other) ?? 0) < (waveOf.get(name) ?? 0)),
        );
      }),
    );
  });

  it('shows only cycles that are there, and the same one whatever the order of the keys', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const cycle = cycleIn(graph);
        const turned = Object.fromEntries(Object.entries(graph).toReversed());
        expect(cycleIn(turned)).toEqual(cycle);
        expect(cycle === undefined).toBe(wavesOf(graph) !== undefined);
        return (cycle ?? []).every(
          (name, index, path) => index === 0 || graph[path[index - 1] ?? '']?.includes(name),
        );
      }),
    );
  });
});
