import { beforeEach, describe, expect, it } from 'vitest';
import type { ReleaseId } from '../../../src/domain/ids.ts';
import type { SourceAnswer } from '../../../src/domain/incident/open-alert.ts';
import { plannedGate } from '../../domain/gate/planned.ts';
import { createMemoryAlerts } from '../../simulation/ports/memory-alerts.ts';
import { ANA, BEN, type PlainWorld, plainWorld } from '../plain-world.ts';

const quiet: SourceAnswer = { kind: 'told', source: 'Alertmanager', alerts: [], doubts: [] };
const burning: SourceAnswer = {
  ...quiet,
  alerts: [{ title: 'Checkout is down', since: '2026-11-20T13:00:00.000Z' }],
};

/** An environment that asks for incidents and one approval, and what those who are called say. */
async function alertedWorld() {
  const says = { now: quiet };
  const world = await plainWorld({
    environment: {
      approvals: { required: 1, from: ['managers'], owners: 'none', expiresAfterMs: 3_600_000 },
      gates: [plannedGate({ name: 'no-incident', type: 'incident', phase: 'preflight', count: 1 })],
    },
  });
  world.ports.alerts = createMemoryAlerts(() => [says.now]);
  return { world, says };
}

async function approve(world: PlainWorld, release: ReleaseId): Promise<void> {
  await world.reconcile(release);
  const { planHash } = await world.state(release);
  await world.ask(BEN, { kind: 'approve', release, seen: { planHash, state: 'awaitingApproval' } });
}

describe('gates before the start', () => {
  let at: Awaited<ReturnType<typeof alertedWorld>>;
  beforeEach(async () => {
    at = await alertedWorld();
  });

  it('refuse a cut into a burning house, and say what burns', async () => {
    at.says.now = burning;
    await at.world.ask(ANA, {
      kind: 'cut',
      environment: 'prod',
      services: [{ service: 'orders-api', version: { kind: 'tag', tag: '1.2.0' } }],
      leaveOut: [],
    });
    expect(await at.world.newest()).toBe('');
    expect(JSON.stringify(at.world.workspace.told)).toMatch(/1 open: Checkout is down \(Alertmanager\)/);
  });

  it('are asked again right before the start: what burns since keeps it back until it is over', async () => {
    const { world, says } = at;
    const release = await world.cut(2);
    says.now = burning;
    await world.time.run(world.time.now() + 120_000);
    await approve(world, release);
    await world.settle(release);
    expect((await world.state(release)).started).toBeUndefined();
    expect((await world.state(release)).preflight?.rows[0]).toMatchObject({
      rule: 'no-active-sev1',
      outcome: 'refuse',
    });
    says.now = quiet;
    await world.time.run(world.time.now() + 60_000);
    await world.settle(release);
    expect((await world.state(release)).ended?.outcome).toBe('released');
  });

  it('let a release start that two people exempted', async () => {
    const { world, says } = at;
    const release = await world.cut(2);
    says.now = burning;
    await world.time.run(world.time.now() + 120_000);
    await approve(world, release);
    await world.settle(release);
    await world.ask(ANA, {
      kind: 'exempt',
      rule: 'no-active-sev1',
      target: release.split('/')[1] ?? '',
      forMs: 600_000,
      reason: 'this very release mends it',
    });
    await world.ask(BEN, { kind: 'decideExemption', environment: 'prod', exemption: 'E1', grant: true });
    await world.settle(release);
    expect((await world.state(release)).ended?.outcome).toBe('released');
  });
});
