import { describe, expect, it } from 'vitest';
import { environmentStream, type ReleaseId, splitReleaseId } from '../../src/domain/ids.ts';
import { UnavailableError } from '../../src/errors.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { ANA, digestOf, type PlainWorld, plainWorld } from './plain-world.ts';

/** Git says no to everything but the release's own branch. */
function refusing({ git, ...ports }: Ports): Ports {
  return {
    ...ports,
    git: {
      ...git,
      commit: async (wish) =>
        wish.branch.startsWith('release/')
          ? git.commit(wish)
          : { kind: 'rejected', reason: 'the branch is protected' },
    },
  };
}

/** A commit whose answer nobody got. */
function silent({ git, ...ports }: Ports): Ports {
  return {
    ...ports,
    git: {
      ...git,
      commit: (wish) => {
        if (wish.branch.startsWith('release/')) return git.commit(wish);
        throw new UnavailableError('Git does not answer', { ambiguous: true });
      },
    },
  };
}

function abort(world: PlainWorld, release: ReleaseId): Promise<string> {
  const { environment, name } = splitReleaseId(release);
  return world.ask(ANA, { kind: 'abort', release: name, environment });
}

async function freedBy(world: PlainWorld, release: ReleaseId): Promise<boolean> {
  const { facts } = await world.ports.ledger.read(environmentStream('prod'));
  return facts.some((fact) => fact.kind === 'tracks.freed' && fact.correlation === release);
}

describe('aborting a release with nothing to go back to', () => {
  it('cancels one whose commit Git refused, and the next one gets its tracks', async () => {
    const world = await plainWorld({ adopted: false });
    const stuck = await world.cut(2);
    await world.reconcile(stuck, refusing(world.ports));
    await abort(world, stuck);
    expect((await world.state(stuck)).ended).toMatchObject({ outcome: 'cancelled' });
    expect(await freedBy(world, stuck)).toBe(true);
    expect(await world.inGit()).toBe(digestOf(1));
    expect(world.said().at(-1)).toMatch(/has ended; nothing was put back: .*no content from before/);
    const next = await world.cut(3);
    await world.settle(next);
    expect((await world.state(next)).ended?.outcome).toBe('released');
  });

  it('ends one that was committed as failed, and leaves what it brought', async () => {
    const world = await plainWorld({ adopted: false });
    const first = await world.cut(2);
    await world.reconcile(first);
    await abort(world, first);
    expect((await world.state(first)).ended).toMatchObject({ outcome: 'failed' });
    expect(await freedBy(world, first)).toBe(true);
    expect(await world.inGit()).toBe(digestOf(2));
  });

  it('does not end what is writing at that moment', async () => {
    const world = await plainWorld({ adopted: false });
    const writing = await world.cut(2);
    await world.reconcile(writing, silent(world.ports));
    await abort(world, writing);
    expect((await world.state(writing)).ended).toBeUndefined();
    expect(await freedBy(world, writing)).toBe(false);
    expect(world.said().at(-1)).toMatch(/writing something at this moment/);
  });

  it('is carried out once, also when the request comes again', async () => {
    const world = await plainWorld({ adopted: false });
    const stuck = await world.cut(2);
    await world.reconcile(stuck);
    const request = await abort(world, stuck);
    await world.carryOut(request);
    const ends = (await world.kinds(stuck)).filter((kind) => kind === 'release.ended');
    expect(ends).toHaveLength(1);
  });

  it('puts back what has something to go back to', async () => {
    const world = await plainWorld();
    const bad = await world.cut(2);
    await world.reconcile(bad);
    await abort(world, bad);
    const back = await world.newest();
    expect(back).not.toBe(bad);
    await world.settle(back);
    expect(await world.inGit()).toBe(digestOf(1));
    expect((await world.state(bad)).ended?.outcome).toBe('rolled-back');
  });
});
