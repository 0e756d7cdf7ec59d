import { describe, expect, it } from 'vitest';
import { SYSTEM } from '../../../src/domain/actor.ts';
import type { FlagSetting } from '../../../src/domain/flag/flag-setting.ts';
import type { ReleaseId } from '../../../src/domain/ids.ts';
import { releaseBranch } from '../../../src/domain/release/commits.ts';
import { UnavailableError } from '../../../src/errors.ts';
import { reconcileFlags, ringForFlags } from '../../../src/jobs/flags/reconcile-flags.ts';
import { readEnvironment, readInstallation } from '../../../src/jobs/read-state.ts';
import { stamp, writeTo } from '../../../src/jobs/record.ts';
import type { Metrics } from '../../../src/ports/metrics.ts';
import { keyOf, type MemoryFlags } from '../../simulation/ports/memory-flags.ts';
import { wordsOf } from '../../views/fixtures.ts';
import { ANA, BEN, type PlainWorld, plainWorld, SERVICE } from '../plain-world.ts';

const KEY = 'tax-v2';
const REF = { key: KEY, provider: 'unleash', project: 'default', environment: 'production' };
const OFF: FlagSetting = { on: false, share: 0, value: false, audience: [] };
const BOOK = [
  { name: 'unleash', kind: 'unleash', project: 'default', environments: { prod: 'production' } },
] as const;
const GATE = {
  name: 'errors',
  type: 'prometheus',
  phase: 'postDeploy',
  steps: [],
  required: true,
  prometheus: 'main',
  query: 'errors',
  threshold: { operator: '<', value: 0.02, text: '< 2%' },
  minTraffic: 0,
  windowMs: 60_000,
  intervalMs: 30_000,
  count: 2,
  failureLimit: 0,
  inconclusiveLimit: 0,
  consecutiveErrorLimit: 2,
  onNoData: 'inconclusive',
  scrapeIntervalMs: 15_000,
  timeoutMs: 5_000,
} as const;

interface FlagWorld {
  world: PlainWorld;
  flags: MemoryFlags;
  release: ReleaseId;
  /** What the flag gives at its provider now. */
  now(): FlagSetting | undefined;
  /** Does what an environment's flags ask for, until nothing more is to be done. */
  carryOut(): Promise<void>;
  /** The last that somebody was told. */
  told(): string;
  /** Every message of the environment's channel. */
  posts(): string[];
}

/** A release that brings a flag, taken over from its branch and approved, but not begun. */
async function withFlag(
  given: { live?: FlagSetting; written?: string; away?: boolean } = {},
): Promise<FlagWorld> {
  const { live = OFF, away = false } = given;
  const { written = `{ key: ${KEY}, default: false, rollout: [1, 10, 100], rollbackPlan: turn it off }` } =
    given;
  const world = await plainWorld({
    rules: { flagBook: BOOK },
    environment: {
      gates: [{ ...GATE, steps: [] }],
      approvals: { required: 1, from: ['managers'], owners: 'none', expiresAfterMs: 24 * 3_600_000 },
    },
  });
  world.ports.metrics = measuring(0.001);
  const flags = world.ports.flags as MemoryFlags;
  flags.seen.set(keyOf(REF), { setting: live, revision: '1' });
  const release = await world.cut(2);
  await world.settle(release);
  const { manifest, environment, name } = await world.state(release);
  await world.repository.push({
    branch: releaseBranch({ environment, name }),
    files: { [manifest.path]: `${manifest.text.trimEnd()}\n  flags:\n    - ${written}\n` },
  });
  await world.settle(release);
  if (away) world.ports.flags = notThere(flags);
  const { foreignPush } = await world.state(release);
  await world.ask(ANA, { kind: 'adoptManifest', release, head: foreignPush?.head ?? '' });
  return {
    world,
    flags,
    release,
    now: () => flags.seen.get(keyOf(REF))?.setting,
    carryOut: () => reconcileFlags(world.ports, world.rules, 'prod'),
    told() {
      const answer = world.workspace.told.at(-1)?.answer;
      return answer && 'message' in answer ? wordsOf([answer.message.text, answer.message.blocks]) : '';
    },
    posts: () =>
      [...world.workspace.channels.values()].flatMap(({ posts }) =>
        posts.map(({ message }) => wordsOf([message.text, message.blocks])),
      ),
  };
}

function measuring(value: number): Metrics {
  return {
    queryInstant: async ({ at }) => ({
      kind: 'series',
      series: [{ labels: {}, value, at: new Date(at).toISOString() }],
      link: 'http://prometheus',
    }),
  };
}

function notThere(flags: MemoryFlags): MemoryFlags {
  const away = async () => {
    throw new UnavailableError("unleash can't be reached (ECONNREFUSED)");
  };
  return { ...flags, read: away, set: away };
}

/** The same, released. */
async function released(given: Parameters<typeof withFlag>[0] = {}): Promise<FlagWorld> {
  const one = await withFlag(given);
  const { world, release } = one;
  const { planHash } = await world.state(release);
  await world.ask(BEN, { kind: 'approve', release, seen: { planHash, state: 'awaitingApproval' } });
  // Its gate takes longer than one settling.
  await world.settle(release);
  await world.settle(release);
  expect((await world.state(release)).ended?.outcome).toBe('released');
  return one;
}

const turn = (percent?: number) =>
  ({ kind: 'flagTurn', key: KEY, environment: 'prod', ...(percent !== undefined && { percent }) }) as const;
const OFF_AT_ONCE = { kind: 'flagOff', key: KEY } as const;

describe('the flags of a release', () => {
  it('are read when it is taken over, and stand in its plan as they were', async () => {
    const { world, release } = await withFlag();
    const { plan, preflight } = await world.state(release);
    expect(plan.flags).toMatchObject([{ ...REF, steps: [1, 10, 100], services: [SERVICE], before: OFF }]);
    expect(preflight?.rows.find(({ rule }) => rule === 'flag-live-state')?.outcome).toBe('pass');
  });

  it.each([
    [
      'give something else than they should',
      { live: { ...OFF, on: true, share: 100, value: true } },
      /is true now/,
    ],
    [
      'are not there',
      { written: '{ key: other, default: false, rollbackPlan: turn it off }' },
      /is not there/,
    ],
    ['are at a provider that is away', { away: true }, /unleash can't be reached/],
    [
      'are kept by nobody that we know',
      { written: `{ key: ${KEY}, provider: launchdarkly, default: false, rollbackPlan: no }` },
      /names no such provider/,
    ],
  ])('keep it back where they %s', async (_, given, words) => {
    const { world, release, told } = await withFlag(given);
    expect(told()).toMatch(words);
    expect((await world.state(release)).foreignPush).toBeDefined();
  });

  it('are turned up step by step when it is out, each as its gates allow', async () => {
    const { world, now, carryOut, told, posts } = await released();
    await world.ask(ANA, turn(10));
    expect(told()).toMatch(/its plan is 1 % → 10 % → 100 %, and it is at 0 %[\s\S]*The next step is 1 %/);
    await world.ask(ANA, turn());
    expect(told()).toMatch(/Turning tax-v2 from 0 % to 1 % in prod/);
    await carryOut();
    expect(now()).toMatchObject({ on: true, share: 1 });
    expect(posts().at(-1)).toMatch(/tax-v2.*is on for 1 %, and was off/s);
    await world.ask(ANA, turn());
    expect(told()).toMatch(/errors of orders-api can tell in \d+ s/);
    await world.time.run(world.time.now() + 5 * 60_000);
    await world.ask(ANA, turn());
    await carryOut();
    expect(now()).toMatchObject({ on: true, share: 10 });
    expect(posts().at(-1)).toMatch(/1 gate passed/);
  });

  it('stay where they are while a gate fails, or cannot tell unless a person says so', async () => {
    const { world, now, carryOut, told } = await released();
    await world.ask(ANA, turn());
    await carryOut();
    await world.time.run(world.time.now() + 5 * 60_000);
    world.ports.metrics = { queryInstant: async () => ({ kind: 'error', message: 'partial' }) };
    await world.ask(ANA, turn());
    expect(told()).toMatch(/errors of orders-api could not be measured: partial|errors of orders-api: error/);
    world.ports.metrics = measuring(0.5);
    await world.ask(ANA, { ...turn(10), anyway: true });
    expect(told()).toMatch(/not turned up: errors of orders-api: fail \(0\.5\)[\s\S]*flag-gates/);
    expect(now()).toMatchObject({ share: 1 });
  });

  it('are changed from what was seen and from nothing else, and the refusal is said', async () => {
    const { world, flags, now, carryOut, posts } = await released();
    await world.ask(ANA, turn());
    flags.seen.set(keyOf(REF), { setting: { ...OFF, on: true, share: 50 }, revision: '2' });
    await carryOut();
    expect(now()).toMatchObject({ share: 50 });
    expect(posts().at(-1)).toMatch(/is not turned: somebody else changed tax-v2/);
    await world.ask(ANA, OFF_AT_ONCE);
    await carryOut();
    expect(now()).toMatchObject({ on: false });
  });

  it('are not turned up before it is out, and off at any time', async () => {
    const { world, flags, release, now, carryOut, told } = await withFlag();
    const { planHash } = await world.state(release);
    await world.ask(BEN, { kind: 'approve', release, seen: { planHash, state: 'awaitingApproval' } });
    await world.reconcile(release);
    await world.ask(ANA, turn());
    expect(told()).toMatch(/is not turned up: shop-\S+, which brings it, is not out yet/);
    flags.seen.set(keyOf(REF), { setting: { ...OFF, on: true, share: 50 }, revision: '2' });
    await world.ask(BEN, OFF_AT_ONCE);
    await carryOut();
    expect(now()).toMatchObject({ on: false });
  });

  it('are not turned up while the environment is frozen, and off all the same', async () => {
    const { world, now, carryOut, told } = await released();
    await world.ask(ANA, turn());
    await carryOut();
    await world.time.run(world.time.now() + 5 * 60_000);
    await world.ask(BEN, { kind: 'freeze', environment: 'prod', services: [], reason: 'the year ends' });
    await world.ask(ANA, turn());
    expect(told()).toMatch(/not turned up: prod is closed[\s\S]*the year ends[\s\S]*freeze-window/);
    expect(now()).toMatchObject({ share: 1 });
    await world.ask(ANA, OFF_AT_ONCE);
    await carryOut();
    expect(now()).toMatchObject({ on: false });
  });

  it('are not turned up on a restored record that nobody has confirmed', async () => {
    const { world, told } = await released();
    const { ledger, clock } = world.ports;
    const { state, at } = await readInstallation(world.ports);
    const fact = stamp(clock, {
      kind: 'incarnation.opened',
      actor: SYSTEM,
      data: { incarnation: state.incarnation + 1, restored: { upTo: 1 } },
    });
    await ledger.append({ writes: [writeTo(at, [fact], 'installation')], fences: {}, raises: {} });
    await world.ask(ANA, turn());
    expect(told()).toMatch(/nobody has confirmed yet/);
  });

  it('go back with it, at once, and in one piece with what is recorded of the rollback', async () => {
    const { world, release, now, carryOut, posts } = await released();
    await world.ask(ANA, turn());
    await carryOut();
    expect(now()).toMatchObject({ share: 1 });
    await world.ask(ANA, { kind: 'rollbackPlan', environment: 'prod', target: release.split('/')[1] });
    const form = world.workspace.told.at(-1)?.answer;
    expect(JSON.stringify(form)).toMatch(/goes back first: it is turned off/);
    await world.ask(BEN, { kind: 'rollback', environment: 'prod', release, services: [] });
    expect(world.rung.some((bell) => bell.kind === 'flags')).toBe(true);
    await carryOut();
    expect(now()).toEqual(OFF);
    expect(posts().at(-1)).toMatch(/is off, and was on for 1 %[\s\S]*goes back with shop-/);
    await world.settle(await world.newest());
    expect(posts().join('\n')).toMatch(/Flag `tax-v2` is off/);
    const { flags } = (await readEnvironment(world.ports, 'prod')).state;
    expect(flags.changes.at(-1)).toMatchObject({ why: 'rollback', urgent: true, release });
    await world.ask(ANA, turn());
    expect(posts().at(-1)).not.toMatch(/1 %, and was off$/);
  });

  it('delay no rollback while their provider is away: it is said, and tried again', async () => {
    const { world, flags, release, now, carryOut, posts } = await released();
    await world.ask(ANA, turn());
    await carryOut();
    world.ports.flags = notThere(flags);
    await world.ask(BEN, { kind: 'rollback', environment: 'prod', release, services: [] });
    const back = await world.newest();
    await reconcileFlags(world.ports, world.rules, 'prod');
    expect(posts().at(-1)).toMatch(/is to be off, and could not be turned yet: unleash can't be reached/);
    await world.settle(back);
    expect((await world.state(back)).ended?.outcome).toBe('restored');
    world.rung.length = 0;
    await ringForFlags(world.ports, world.rules);
    expect(world.rung).toEqual([{ kind: 'flags', environment: 'prod' }]);
    world.ports.flags = flags;
    await carryOut();
    expect(now()).toEqual(OFF);
    expect(posts().join('\n')).toMatch(/is off, and was on for 1 %/);
    expect(posts().join('\n')).not.toMatch(/could not be turned yet/);
  });

  it('are set once, whenever the program dies, and a later word takes the place of an earlier one', async () => {
    const { world, flags, now, carryOut } = await released();
    let sets = 0;
    const dying: MemoryFlags = {
      ...flags,
      async set(change) {
        sets += 1;
        await flags.set(change);
        throw new UnavailableError('the answer was lost');
      },
    };
    world.ports.flags = dying;
    await world.ask(ANA, turn());
    await reconcileFlags(world.ports, world.rules, 'prod');
    expect([sets, now()?.share]).toEqual([1, 1]);
    world.ports.flags = flags;
    await carryOut();
    const status = (await readEnvironment(world.ports, 'prod')).state.effects['flag/FL1']?.status;
    expect(status).toMatchObject({ kind: 'done', receipt: { how: 'found' } });
    world.ports.flags = notThere(flags);
    await world.ask(ANA, OFF_AT_ONCE);
    await reconcileFlags(world.ports, world.rules, 'prod');
    await world.ask(BEN, OFF_AT_ONCE);
    world.ports.flags = flags;
    await carryOut();
    const { state } = await readEnvironment(world.ports, 'prod');
    expect(state.flags.changes.map(({ change, overtakenBy }) => [change, overtakenBy])).toEqual([
      ['FL1', undefined],
      ['FL2', 'FL3'],
      ['FL3', undefined],
    ]);
    expect(now()).toMatchObject({ on: false });
  });

  it('stand on the timeline of an incident that was open meanwhile', async () => {
    const { world, carryOut, told } = await released();
    await world.ask(ANA, turn());
    await carryOut();
    await world.time.run(world.time.now() + 1_000);
    await world.ask(ANA, { kind: 'incidentOpen', title: 'empty carts', environment: 'prod' });
    await world.time.run(world.time.now() + 1_000);
    await world.ask(BEN, OFF_AT_ONCE);
    await carryOut();
    await world.ask(ANA, { kind: 'incidentTimeline' });
    expect(told()).toMatch(/flag tax-v2: on for 1 % → off/);
    expect(told()).not.toMatch(/off → on for 1 %/);
  });

  it('are shown with what their provider says, and among what changed a service', async () => {
    const { world, carryOut, told } = await released();
    await world.ask(ANA, turn());
    await carryOut();
    await world.ask(ANA, { kind: 'flags' });
    expect(told()).toMatch(
      /tax-v2[\s\S]*is on for 1 %[\s\S]*steps: 1 % → 10 % → 100 %[\s\S]*Turn tax-v2 off/,
    );
    await world.ask(ANA, { kind: 'changes', service: SERVICE });
    expect(told()).toMatch(/flag tax-v2: off → on for 1 %/);
    await world.ask(ANA, { kind: 'flags', key: 'no-such', environment: 'prod' });
    expect(told()).toMatch(/There is no flag no-such in prod/);
  });
});
