import { describe, expect, it } from 'vitest';
import type { IncidentId, PersonId, ReleaseId } from '../../src/domain/ids.ts';
import { incidentStream } from '../../src/domain/ids.ts';
import { followUpHotfixes } from '../../src/jobs/hotfix/follow-up.ts';
import { plannedGate } from '../domain/gate/planned.ts';
import { createMemoryAlerts } from '../simulation/ports/memory-alerts.ts';
import type { MemoryRepository } from '../simulation/ports/memory-repository.ts';
import { wordsOf } from '../views/fixtures.ts';
import { ANA, BEN, type PlainWorld, plainWorld, SERVICE } from './plain-world.ts';

const OLA: PersonId = 'slack:T1:UOLA';
const DAY = 86_400_000;
const lin = { name: 'Lin', email: 'lin@elsewhere.test' };

/** 1.1 runs and main has gone on to 1.2 and 1.4; 1.3 was built from a branch that begins at 1.1. */
async function history(source: MemoryRepository): Promise<Record<number, string>> {
  const commit = (minor: number, branch = 'main') => {
    const files = { [`${SERVICE}/v`]: `${minor}` };
    return source.push({ branch, startFrom: 'main', files, message: `Version ${minor}`, author: lin });
  };
  const first = await commit(1);
  const third = await commit(3, 'hotfix/inc-1');
  const second = await commit(2);
  return { 1: first, 2: second, 3: third, 4: await commit(4) };
}

/** Production, closed and on fire, where two approvals and verified content are the rule. */
async function burningWorld() {
  const world = await plainWorld({
    more: { [SERVICE]: { source: SERVICE, tier: 1 } },
    steps: [{ setWeight: 50 }, { pause: { duration: '1s' } }],
    revisions: history,
    roles: { 'on-call': [OLA] },
    environment: {
      approvals: { required: 2, from: ['managers'], owners: 'all', expiresAfterMs: 8 * 3_600_000 },
      hotfixApprovers: ['on-call'],
      gates: [
        plannedGate({ name: 'no-incident', type: 'incident', phase: 'preflight', count: 1 }),
        plannedGate({
          windowMs: 1_000,
          scrapeIntervalMs: 0,
          intervalMs: 60_000,
          count: 10,
          query: 'errors{service="{{service}}",namespace="{{namespace}}",hash="{{pod_hash}}"}',
        }),
      ],
    },
    rules: {
      repositories: {
        gitops: { branch: 'main' },
        source: { branch: 'main', hotfixBranch: 'hotfix/{incident}' },
      },
      windows: [
        {
          name: 'weekend',
          kind: 'deny',
          from: '2026-11-20',
          to: '2026-11-23',
          timeZone: 'UTC',
          environments: [],
          services: [],
          reason: 'nobody is there',
        },
      ],
    },
  });
  world.ports.alerts = createMemoryAlerts(() => [
    {
      kind: 'told',
      source: 'Alertmanager',
      alerts: [{ title: 'Checkout is down', since: '2026-11-20T13:00:00.000Z' }],
      doubts: [],
    },
  ]);
  await world.ask(ANA, { kind: 'incidentOpen', title: 'Checkout is down', environment: 'prod' });
  return world;
}

async function cutHotfix(
  world: PlainWorld,
  minor: number,
  incident: IncidentId = 'INC-1',
): Promise<ReleaseId> {
  const version = { kind: 'tag' as const, tag: `1.${minor}.0` };
  await world.ask(ANA, {
    kind: 'cut',
    environment: 'prod',
    services: [{ service: SERVICE, version }],
    leaveOut: [],
    hotfix: incident,
  });
  return world.newest();
}

async function approved(world: PlainWorld, release: ReleaseId, by: PersonId): Promise<void> {
  await world.reconcile(release);
  const { planHash } = await world.state(release);
  await world.ask(by, { kind: 'approve', release, seen: { planHash, state: 'awaitingApproval' } });
}

describe('a hotfix', () => {
  it('goes the short way: one approver on call, no freeze and no incident in its way, all of it recorded', async () => {
    const world = await burningWorld();
    const release = await cutHotfix(world, 3);
    const state = await world.state(release);
    expect(state.plan).toMatchObject({
      type: 'hotfix',
      hotfix: { incident: 'INC-1', repairs: [] },
      approvals: { required: 1, from: ['managers', 'on-call'], owners: {} },
    });
    expect(state.plan.services[SERVICE]?.gates.map(({ count }) => count)).toEqual([1, 1]);
    const waived = state.preflight?.rows.filter(({ says }) => says.startsWith('waived for a hotfix'));
    expect(waived?.map(({ rule, outcome }) => `${rule} ${outcome}`)).toEqual([
      'no-active-sev1 warn',
      'freeze-window warn',
    ]);
    await approved(world, release, OLA);
    await world.settle(release);
    expect((await world.state(release)).ended?.outcome).toBe('released');
    const linked = (await world.ports.ledger.read(incidentStream('INC-1'))).facts;
    expect(linked.map(({ kind }) => kind)).toContain('incident.linked');
  });

  it('is not approved by whoever made it', async () => {
    const world = await burningWorld();
    const release = await cutHotfix(world, 3);
    await approved(world, release, ANA);
    await world.settle(release);
    expect((await world.state(release)).started).toBeUndefined();
  });

  it('that is approved goes before what was approved earlier and has not begun', async () => {
    const world = await plainWorld({
      more: { [SERVICE]: { source: SERVICE } },
      revisions: history,
      environment: {
        approvals: { required: 1, from: ['managers'], owners: 'none', expiresAfterMs: 8 * 3_600_000 },
      },
      rules: {
        repositories: {
          gitops: { branch: 'main' },
          source: { branch: 'main', hotfixBranch: 'hotfix/{incident}' },
        },
      },
    });
    await world.ask(ANA, { kind: 'incidentOpen', title: 'Checkout is down', environment: 'prod' });
    const usual = await world.cut(4);
    const hotfix = await cutHotfix(world, 3);
    await world.reconcile(usual);
    await approved(world, usual, BEN);
    await world.reconcile(hotfix);
    await approved(world, hotfix, BEN);
    await world.reconcile(usual);
    expect((await world.state(usual)).started).toBeUndefined();
    await world.settle(hotfix);
    expect((await world.state(hotfix)).ended?.outcome).toBe('released');
    await world.settle(usual);
    expect((await world.state(usual)).started).toBeDefined();
  });

  it('needs an incident that is open', async () => {
    const world = await burningWorld();
    await cutHotfix(world, 3, 'INC-9');
    await world.ask(ANA, { kind: 'incidentResolve', incident: 'INC-1' });
    await cutHotfix(world, 3);
    expect(await world.newest()).toBe('');
    expect(world.said().filter((words) => words.includes('hotfix'))).toEqual([
      expect.stringContaining('There is no incident INC-9'),
      expect.stringContaining('INC-1 is resolved'),
    ]);
  });

  it('that does not descend from what runs is refused, and so is one whose source says nothing', async () => {
    const world = await burningWorld();
    const release = await cutHotfix(world, 4);
    await approved(world, release, OLA);
    await world.settle(release);
    const answer = () => wordsOf(world.workspace.told.at(-1)?.answer);
    await cutHotfix(world, 2);
    expect(answer()).toMatch(/does not descend from production[\s\S]*hotfix-base/);
    await cutHotfix(world, 3);
    expect(answer()).toMatch(/is not on main of source[\s\S]*hotfix-base/);
  });

  it('is followed up once on the next working day, with what has not come back to the branch', async () => {
    const world = await burningWorld();
    const release = await cutHotfix(world, 3);
    await approved(world, release, OLA);
    await world.settle(release);
    const follow = () => followUpHotfixes({ ports: world.ports, rules: world.rules });
    const told = () =>
      (world.workspace.channels.get('CPROD')?.posts ?? [])
        .map(({ message }) => wordsOf(message.blocks))
        .filter((words) => words.includes('Left to do'));
    // It is Friday: Saturday and Sunday are no working days.
    await world.time.run(world.time.now() + 2 * DAY);
    await follow();
    expect(told()).toEqual([]);
    await world.time.run(world.time.now() + DAY);
    await follow();
    await follow();
    expect(told()).toEqual([
      expect.stringMatching(/back-merge orders-api[\s\S]*INC-1 is still open[\s\S]*look back/),
    ]);
  });

  it('that has come back to the branch is told so', async () => {
    const world = await burningWorld();
    const release = await cutHotfix(world, 4);
    await approved(world, release, BEN);
    await world.settle(release);
    await world.time.run(world.time.now() + 4 * DAY);
    await followUpHotfixes({ ports: world.ports, rules: world.rules });
    const posts = world.workspace.channels.get('CPROD')?.posts ?? [];
    expect(wordsOf(posts.map(({ message }) => message.blocks))).toContain('so the next release has it');
  });
});
