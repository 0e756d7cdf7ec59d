import { describe, expect, it } from 'vitest';
import type { ReleaseId } from '../../src/domain/ids.ts';
import { ANA, BEN, digestOf, plainWorld, SERVICE } from './plain-world.ts';

/** The world begins on Friday 20 November 2026 at 14:00 UTC, and closes from 15:00 until Monday 08:00. */
const WEEKEND = {
  name: 'weekend',
  kind: 'deny' as const,
  schedule: '0 15 * * 5',
  durationMs: 65 * 3_600_000,
  timeZone: 'UTC',
  environments: ['prod'],
  services: [],
  reason: 'nobody is there',
};
const HOUR = 3_600_000;
/** Two services in two waves. */
const MORE = { cart: { dependsOn: [SERVICE] } };

async function startedAt(world: Awaited<ReturnType<typeof plainWorld>>, id: ReleaseId) {
  return (await world.state(id)).started?.at;
}

describe('a closed window', () => {
  it('lets a release be cut, wait and start by itself when it opens', async () => {
    const world = await plainWorld({ rules: { windows: [WEEKEND] } });
    await world.time.run(Date.parse('2026-11-20T20:00:00Z'));
    const release = await world.cut(2);
    await world.settle(release);
    expect(await startedAt(world, release)).toBeUndefined();
    expect((await world.state(release)).preflight?.rows).toContainEqual(
      expect.objectContaining({ rule: 'freeze-window', outcome: 'warn', refuses: false }),
    );
    await world.ask(ANA, { kind: 'status', release });
    expect(JSON.stringify(world.workspace.told)).toContain('Waits for an end of weekend: nobody is there');
    await world.time.run(Date.parse('2026-11-23T08:00:00Z'));
    await world.settle(release);
    expect((await world.state(release)).ended?.outcome).toBe('released');
  });

  it('that closes in the midst lets the wave be finished and the next one wait', async () => {
    const world = await plainWorld({ rules: { windows: [WEEKEND] }, more: MORE });
    await world.time.run(Date.parse('2026-11-20T14:59:58Z'));
    const release = await world.cut(2, [SERVICE, 'cart']);
    await world.reconcile(release);
    await world.settle(release);
    expect(await world.inGit(SERVICE)).toBe(digestOf(2));
    expect(await world.inGit('cart')).toBe(digestOf(1));
    expect(Object.values((await world.state(release)).proofs).map(({ service }) => service)).toEqual([
      SERVICE,
    ]);
    await world.time.run(Date.parse('2026-11-23T08:00:00Z'));
    await world.settle(release);
    expect((await world.state(release)).ended?.outcome).toBe('released');
  });

  it('is passed by what two people exempted', async () => {
    const world = await plainWorld({ rules: { windows: [WEEKEND] } });
    await world.time.run(Date.parse('2026-11-20T20:00:00Z'));
    const release = await world.cut(2);
    const reason = 'the tax changes on Saturday';
    await world.ask(ANA, {
      kind: 'exempt',
      rule: 'freeze-window',
      target: SERVICE,
      environment: 'prod',
      forMs: HOUR,
      reason,
    });
    await world.settle(release);
    expect(await startedAt(world, release)).toBeUndefined();
    await world.ask(BEN, { kind: 'decideExemption', environment: 'prod', exemption: 'E1', grant: true });
    await world.settle(release);
    expect((await world.state(release)).ended?.outcome).toBe('released');
  });

  it('never holds a rollback', async () => {
    const world = await plainWorld({ rules: { windows: [WEEKEND] } });
    const release = await world.cut(2);
    await world.settle(release);
    expect((await world.state(release)).ended?.outcome).toBe('released');
    await world.time.run(Date.parse('2026-11-20T20:00:00Z'));
    await world.ask(ANA, { kind: 'rollback', environment: 'prod', release, services: [] });
    await world.settle(await world.newest());
    expect(await world.inGit()).toBe(digestOf(1));
  });

  it('is told on a release that would not be done before it closes', async () => {
    const world = await plainWorld({ rules: { windows: [WEEKEND] } });
    const first = await world.cut(2);
    await world.settle(first);
    await world.time.run(Date.parse('2026-11-20T14:59:59Z'));
    const release = await world.cut(3);
    const rows = (await world.state(release)).preflight?.rows.filter(({ rule }) => rule === 'freeze-window');
    expect(rows).toMatchObject([
      { outcome: 'warn', says: expect.stringMatching(/closes at 2026-11-20 15:00 UTC/) },
    ]);
  });
});

describe('a freeze', () => {
  it('of a person holds what has not begun until another lifts it, and is told in the channel', async () => {
    const world = await plainWorld();
    await world.ask(ANA, { kind: 'freeze', environment: 'prod', services: [], reason: 'sale of the year' });
    const release = await world.cut(2);
    await world.settle(release);
    expect(await startedAt(world, release)).toBeUndefined();
    await world.ask(BEN, { kind: 'status' });
    expect(JSON.stringify(world.workspace.told)).toMatch(
      /\*closed\* until it is lifted \(F1: sale of the year\)/,
    );
    await world.ask(BEN, { kind: 'unfreeze', environment: 'prod' });
    await world.settle(release);
    expect((await world.state(release)).ended?.outcome).toBe('released');
    await world.ask(BEN, { kind: 'unfreeze', environment: 'prod' });
    expect(world.said().at(-1)).toContain('Nobody froze prod');
  });

  it('ends by itself, is about the services that it names, and is set once for a request', async () => {
    const world = await plainWorld({ more: MORE });
    const asked = {
      kind: 'freeze' as const,
      environment: 'prod',
      services: ['cart'],
      forMs: HOUR,
      reason: 'INC-4',
    };
    const id = await world.ask(ANA, asked);
    await world.carryOut(id);
    const release = await world.cut(2);
    await world.settle(release);
    expect((await world.state(release)).ended?.outcome).toBe('released');
    const other = await world.cut(3, ['cart']);
    await world.settle(other);
    expect(await startedAt(world, other)).toBeUndefined();
    await world.time.run(world.time.now() + HOUR);
    await world.settle(other);
    expect((await world.state(other)).ended?.outcome).toBe('released');
  });

  it('is refused to whoever may not stop anything, and for services that nobody knows', async () => {
    const world = await plainWorld({ roles: { guests: ['slack:T1:UEVE'] } });
    await world.ask('slack:T1:UEVE', {
      kind: 'freeze',
      environment: 'prod',
      services: [],
      reason: 'because',
    });
    await world.ask(ANA, { kind: 'freeze', environment: 'prod', services: ['crat'], reason: 'because' });
    expect(world.said().slice(-2)).toEqual([
      expect.stringContaining("can't"),
      expect.stringContaining('There is no service crat'),
    ]);
  });
});
