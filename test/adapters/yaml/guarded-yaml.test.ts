import { execFileSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { guardedYaml } from '../../../src/adapters/yaml/guarded-yaml.ts';
import { yamlContract } from '../../contracts/yaml.ts';
import { memoryYaml } from '../../simulation/ports/memory-yaml.ts';
import { bombs } from './bombs.ts';

/** Reading processes that this one has started. */
function readers(): number[] {
  const all = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args=']).toString().trim().split('\n');
  return all.flatMap((line) => {
    const [pid, parent, ...args] = line.trim().split(/\s+/);
    return Number(parent) === process.pid && args.join(' ').includes('reader-program') ? [Number(pid)] : [];
  });
}

const yaml = guardedYaml();
afterAll(() => yaml[Symbol.asyncDispose]());

describe('guarded YAML', () => {
  yamlContract(() => yaml);

  it('answers many at once, each with its own', async () => {
    const values = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const read = await yaml.read(`n: ${index}\n`);
        return read.kind === 'read' ? read.value : undefined;
      }),
    );
    expect(values).toEqual(Array.from({ length: 50 }, (_, n) => ({ n })));
  });

  it('outlives hundreds of bombs, and reads a good text after each batch', async () => {
    const all = bombs(300);
    const reads = await Promise.all(all.map((bomb) => yaml.read(bomb)));
    expect(reads.filter(({ kind }) => kind === 'refused')).toHaveLength(all.length);
    const key = { repository: 'gitops', file: 'values.yaml', path: ['a', 'b'], value: 1 };
    await Promise.all(all.slice(0, 50).flatMap((bomb) => [yaml.edit(bomb, [key]), yaml.readAll(bomb)]));
    expect(await yaml.read('a: 1')).toMatchObject({ kind: 'read', value: { a: 1 } });
  });

  it('refuses a text that takes too long, and reads the next one in a new process', async () => {
    await using impatient = guardedYaml({ deadlineMs: 600 });
    expect(await impatient.read('a: 1')).toMatchObject({ kind: 'read' });
    const late = await impatient.read('{'.concat('a,'.repeat(500_000)));
    expect(late).toEqual({
      kind: 'refused',
      faults: [{ message: 'takes longer than 0.6 s to read', line: 1, column: 1 }],
    });
    expect(await impatient.read('b: 2')).toMatchObject({ kind: 'read' });
  });

  it('reads a text again whose process was killed by somebody else', async () => {
    const others = readers();
    await using victim = guardedYaml();
    await victim.read('a: 1');
    const reader = readers().find((pid) => !others.includes(pid));
    const long = victim.read(Array.from({ length: 1500 }, (_, n) => `k${n}: [a, b, {c: d}]\n`).join(''));
    process.kill(reader ?? Number.NaN, 'SIGKILL');
    expect((await long).kind).toBe('read');
  });

  it('starts again after it was left idle', async () => {
    await using drowsy = guardedYaml({ idleMs: 0 });
    for (let round = 0; round < 3; round += 1) {
      expect(await drowsy.read('a: 1')).toMatchObject({ kind: 'read' });
      await new Promise((resolve) => setImmediate(resolve));
    }
  });

  it('says that it is unavailable once it is closed', async () => {
    const closed = guardedYaml();
    await closed[Symbol.asyncDispose]();
    await expect(closed.read('a: 1')).rejects.toThrow('this program is ending');
  });
});

describe('YAML of the simulation', () => {
  yamlContract(memoryYaml);
});
