import { describe, expect, it } from 'vitest';
import { ANA, digestOf, plainWorld } from './plain-world.ts';

describe('a rollback while the watch is behind', () => {
  it('says nothing of a cluster that the cluster itself does not say now', async () => {
    let lagMs = 0;
    const world = await plainWorld({ watchLagMs: () => lagMs });
    const release = await world.cut(2);
    await world.reconcile(release);
    lagMs = 20_000;
    await world.applyGit();
    // The watch still shows the old version, Healthy and proved; the new one is on its way.
    await world.time.run(world.time.now() + 10_000);
    await world.ask(ANA, { kind: 'rollback', environment: 'prod', services: [], release });
    const back = await world.newest();
    await world.reconcile(back);
    expect(await world.inGit()).toBe(digestOf(1));
    expect((await world.state(back)).stages).toEqual({});
    await world.settle(back);
    expect((await world.state(back)).ended?.outcome).toBe('restored');
  });
});

describe('a release', () => {
  it('is released when its pods prove it, and its tracks are free again', async () => {
    const world = await plainWorld();
    const release = await world.cut(2);
    await world.settle(release);
    expect(await world.kinds(release)).toEqual(
      expect.arrayContaining(['release.cut', 'release.started', 'service.proved', 'release.ended']),
    );
    expect((await world.state(release)).ended?.outcome).toBe('released');
    expect(world.unfinished.size).toBe(0);
  });
});
