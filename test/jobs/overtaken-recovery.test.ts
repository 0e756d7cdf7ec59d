import { describe, expect, it } from 'vitest';
import { ANA, BEN, digestOf, plainWorld, SERVICE } from './plain-world.ts';

/** Two releases were verified, a third is on its way, and a rollback of it has been asked for. */
async function inTheMiddle() {
  const world = await plainWorld();
  const first = await world.cut(2);
  await world.settle(first);
  await world.settle(await world.cut(3));
  const bad = await world.cut(4);
  await world.reconcile(bad);
  await world.applyGit();
  await world.ask(ANA, { kind: 'rollback', environment: 'prod', services: [], release: bad });
  const back = await world.newest();
  await world.ask(BEN, { kind: 'rollback', environment: 'prod', services: [SERVICE], to: first });
  return { world, bad, back, further: await world.newest() };
}

describe('a rollback that is overtaken by one that goes further back', () => {
  it('acts no more', async () => {
    const { world, back, further } = await inTheMiddle();
    expect((await world.state(back)).takenBack?.by).toBe(further);
    const before = await world.kinds(back);
    await world.reconcile(back);
    expect(await world.kinds(back)).toEqual(before);
    expect(await world.inGit()).toBe(digestOf(4));
  });

  it('has its own end and the ends that were left to it written by the other', async () => {
    const { world, bad, back, further } = await inTheMiddle();
    await world.settle(further);
    expect((await world.state(further)).ended?.outcome).toBe('restored');
    expect((await world.state(back)).ended?.outcome).toBe('rolled-back');
    expect((await world.state(bad)).ended?.outcome).toBe('rolled-back');
    expect(await world.inGit()).toBe(digestOf(2));
  });
});
