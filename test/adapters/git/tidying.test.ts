import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { describe, expect, it } from 'vitest';
import { branchView } from '../../../src/adapters/git/branch-view.ts';
import { openClone } from '../../../src/adapters/git/clone.ts';
import type { CloneShelf } from '../../../src/adapters/git/clone-shelf.ts';
import { tidying } from '../../../src/adapters/git/tidying.ts';
import { turnsInProcess } from '../../../src/adapters/git/turns.ts';
import { writeCommit } from '../../../src/adapters/git/write-commit.ts';
import { ENVIRONMENT, makeRealWorld } from './git-world.ts';

const LIMITS = { localMs: 20_000, fetchMs: 20_000, firstFetchMs: 20_000, pushMs: 20_000, hungMs: 1_000 };

describe('tidying a clone', () => {
  it('packs what has become many loose objects', async () => {
    await using world = await makeRealWorld();
    const dir = join(world.clones, 'tidied.git');
    const source = {
      dir,
      name: 'gitops',
      url: world.origin.dir,
      protocols: ['file'],
      environment: ENVIRONMENT,
      closing: new AbortController().signal,
    };
    await using clone = await openClone(source, LIMITS);
    const author = { name: 'Ana', email: 'ana@example.com' };
    const texts = Array.from({ length: 90 }, (_, n) => `${n}`);
    let head: string | undefined;
    for (let round = 0; round < 30; round += 1) {
      const files = texts.map((text) => ({
        path: `${text}.txt`,
        mode: '100644' as const,
        text: `${round} ${text}`,
      }));
      const commit = {
        files,
        message: `${round}`,
        author,
        committer: author,
        at: 0,
        ...(head && { parent: head }),
      };
      head = await writeCommit(commit, clone.local);
    }
    clone.moved('main', head ?? '');
    expect(await loose(dir)).toBeGreaterThan(2_000);
    await clone.tidy(new AbortController().signal);
    expect(await loose(dir)).toBeLessThan(100);
    expect(await branchView(clone.objects, head ?? '').read('7.txt')).toBe('29 7');
  });

  it('comes after every five hundredth commit, in a turn of its own', async () => {
    const turns = turnsInProcess({ hungAfterMs: 1_000 });
    const gate = Promise.withResolvers<void>();
    const held = turns({ repository: 'gitops', urgent: false }, () => gate.promise);
    let tidied = 0;
    const shelf: CloneShelf = {
      with: async () => {
        tidied += 1;
        throw new Error('the disk is full');
      },
      async [Symbol.asyncDispose]() {},
    };
    const warnings: unknown[] = [];
    const log = { warn: (facts: unknown) => void warnings.push(facts) } as unknown as Pick<Logger, 'warn'>;
    const tidy = tidying('gitops', { shelf, inProcess: turns, log });
    for (let n = 0; n < 1_000; n += 1) tidy();
    expect(tidied).toBe(0);
    gate.resolve();
    await held;
    await expect.poll(() => warnings).toHaveLength(2);
    expect(tidied).toBe(2);
  });
});

async function loose(dir: string): Promise<number> {
  const files = await readdir(join(dir, 'objects'), { recursive: true });
  return files.filter((file) => /^..\/.{38}$/.test(file)).length;
}
