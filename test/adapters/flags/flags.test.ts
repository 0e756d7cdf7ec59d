import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFlags } from '../../../src/adapters/flags/flags.ts';
import type { FlagProviderKind } from '../../../src/domain/flag/flag-book.ts';
import type { FlagRef } from '../../../src/domain/flag/flag-ref.ts';
import { UnavailableError } from '../../../src/errors.ts';
import type { Flags } from '../../../src/ports/flags.ts';
import { type SandboxUnleash, startUnleash } from '../../../src/sandbox/flags/unleash.ts';
import { flagsContract } from '../../contracts/flags.ts';
import { type LaunchDarklyServer, startLaunchDarkly } from '../../servers/launchdarkly.ts';
import { startOfrep } from '../../servers/ofrep.ts';
import { createMemoryFlags, keyOf } from '../../simulation/ports/memory-flags.ts';

const PLACE = { provider: 'main', project: 'default', environment: 'production' };
const ENVIRONMENTS = ['development', 'production'];
const ref = (key: string): FlagRef => ({ ...PLACE, key });

function flagsAt(kind: FlagProviderKind, url: string, authorization: string, timeoutMs = 2_000): Flags {
  return createFlags([{ name: 'main', kind, url, authorization, timeoutMs }]);
}

flagsContract('in memory', async () => {
  const flags = createMemoryFlags();
  const put = (key: string, share: number) =>
    flags.seen.set(keyOf(ref(key)), {
      setting: {
        on: share > 0,
        share,
        ...((share === 0 || share === 100) && { value: share === 100 }),
        audience: [],
      },
      revision: `${flags.seen.get(keyOf(ref(key)))?.revision ?? 0}1`,
    });
  return {
    flags,
    place: PLACE,
    add: async (key) => void put(key, 0),
    turnedByHand: async (key, share) => void put(key, share),
    close: async () => undefined,
  };
});

flagsContract('Unleash as it is refused', async () => {
  const server = await startUnleash({ environments: ENVIRONMENTS, token: 'secret' });
  return {
    flags: flagsAt('unleash', server.url, 'secret'),
    place: PLACE,
    add: async (key) => server.add(key),
    turnedByHand: async (key, share) => turnByHand(server, key, share),
    close: async () => server[Symbol.asyncDispose](),
  };
});

flagsContract('LaunchDarkly as it is refused', async () => {
  const server = await startLaunchDarkly();
  return {
    flags: flagsAt('launchdarkly', server.url, 'api-token'),
    place: PLACE,
    add: async (key) => server.add(key),
    turnedByHand: async (key, share) => {
      const here = server.holds.flags.get(key)?.environments['production'];
      if (here === undefined) throw new Error(`no ${key}`);
      here.on = true;
      here.fallthrough = {
        rollout: {
          variations: [
            { variation: 0, weight: share * 1000 },
            { variation: 1, weight: (100 - share) * 1000 },
          ],
        },
      };
      here.version += 1;
    },
    close: async () => server[Symbol.asyncDispose](),
  };
});

function turnByHand(server: SandboxUnleash, key: string, share: number): void {
  const here = server.state.features.get(key)?.['production'];
  if (here === undefined) throw new Error(`no ${key}`);
  here.enabled = true;
  const parameters = { rollout: String(share), stickiness: 'default', groupId: key };
  here.strategies = [{ id: 'by-hand', name: 'flexibleRollout', parameters, constraints: [] }];
}

describe('Unleash', () => {
  let server: SandboxUnleash;
  beforeAll(async () => {
    server = await startUnleash({ environments: ENVIRONMENTS, token: 'secret' });
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  it('tells those apart whom a strategy names, and those whom none does', async () => {
    server.add('beta');
    const here = server.state.features.get('beta')?.['production'];
    if (here === undefined) throw new Error('no beta');
    here.enabled = true;
    here.strategies = [
      {
        id: '1',
        name: 'flexibleRollout',
        parameters: { rollout: '100' },
        constraints: [{ contextName: 'userId', operator: 'IN', values: ['internal'] }],
      },
    ];
    const flags = flagsAt('unleash', server.url, 'secret');
    expect(await flags.read(ref('beta'))).toMatchObject({
      seen: { setting: { on: true, share: 0, value: false, audience: ['internal'] } },
    });
  });

  it('sets no share where another strategy gives it to everybody, and says why', async () => {
    server.add('all');
    const here = server.state.features.get('all')?.['production'];
    here?.strategies.push({ id: '1', name: 'default', parameters: {}, constraints: [] });
    const flags = flagsAt('unleash', server.url, 'secret');
    const set = await flags.set({ ref: ref('all'), to: { on: true, share: 10 }, note: '' });
    expect(set).toMatchObject({ kind: 'refused', why: 'rejected' });
    expect(here?.enabled).toBe(false);
  });

  it('never gives it to everybody on the way to a share', async () => {
    server.add('careful');
    const before = server.changes.length;
    await flagsAt('unleash', server.url, 'secret').set({
      ref: ref('careful'),
      to: { on: true, share: 1 },
      note: '',
    });
    expect(server.changes.slice(before).map(({ path }) => path.split('/').at(-1))).toEqual([
      'strategies',
      'on',
    ]);
  });

  it('is refused without its token, and its rights are told', async () => {
    server.add('mine');
    const stranger = flagsAt('unleash', server.url, 'wrong');
    expect(await stranger.read(ref('mine'))).toMatchObject({ kind: 'refused' });
    expect(await stranger.access(PLACE)).toMatchObject({ kind: 'refused' });
    expect(await stranger.set({ ref: ref('mine'), to: { on: false }, note: '' })).toMatchObject({
      why: 'forbidden',
    });
    const flags = flagsAt('unleash', server.url, 'secret');
    expect(await flags.access({ ...PLACE, project: 'nope' })).toMatchObject({ kind: 'refused' });
    expect(await flags.access({ ...PLACE, environment: 'nope' })).toMatchObject({ kind: 'refused' });
    await using reader = await startUnleash({ environments: ENVIRONMENTS, token: 'reader', mayWrite: false });
    reader.add('theirs');
    const reads = flagsAt('unleash', reader.url, 'reader');
    expect(await reads.access(PLACE)).toMatchObject({ kind: 'reads' });
    const set = await reads.set({ ref: ref('theirs'), to: { on: true, share: 10 }, note: '' });
    expect(set).toMatchObject({ kind: 'refused', why: 'forbidden' });
    expect(JSON.stringify(set)).not.toContain('reader"');
  });

  it('is not there when it fails or does not answer in its time', async () => {
    const flags = flagsAt('unleash', server.url, 'secret', 200);
    for (const what of ['broken', 'hang'] as const) {
      server.trouble(what);
      await expect(flags.read(ref('mine'))).rejects.toThrow(UnavailableError);
    }
    server.trouble('none');
  });
});

describe('LaunchDarkly', () => {
  let server: LaunchDarklyServer;
  beforeAll(async () => {
    server = await startLaunchDarkly();
  });
  afterAll(() => server?.[Symbol.asyncDispose]());
  const flags = () => flagsAt('launchdarkly', server.url, 'api-token');

  it('says what its segments get, and leaves flags of other values alone but for on and off', async () => {
    server.add('colour', ['red', 'blue']);
    const here = server.holds.flags.get('colour')?.environments['production'];
    if (here === undefined) throw new Error('no colour');
    here.on = true;
    here.rules = [{ variation: 0, clauses: [{ attribute: '', op: 'segmentMatch', values: ['beta'] }] }];
    const read = await flags().read(ref('colour'));
    expect(read).toMatchObject({ seen: { setting: { on: true, value: 'red', audience: ['beta'] } } });
    const set = await flags().set({ ref: ref('colour'), to: { on: true, share: 10 }, note: '' });
    expect(set).toMatchObject({ kind: 'refused', why: 'rejected' });
    expect(await flags().set({ ref: ref('colour'), to: { on: false }, note: '' })).toMatchObject({
      kind: 'done',
    });
  });

  it('is refused where an approval is asked there, in a conflict, and without the right', async () => {
    server.add('guarded');
    const off = () => flags().set({ ref: ref('guarded'), to: { on: true, share: 10 }, note: '' });
    server.holds.withApproval.add('production');
    expect(await off()).toMatchObject({ why: 'forbidden' });
    server.holds.withApproval.clear();
    server.holds.conflict = true;
    expect(await off()).toMatchObject({ why: 'stale' });
    server.holds.mayWrite = false;
    expect(await off()).toMatchObject({ why: 'forbidden' });
    expect(await flags().access(PLACE)).toMatchObject({ kind: 'reads' });
    server.holds.mayWrite = true;
    expect(await flags().access({ ...PLACE, environment: 'nope' })).toMatchObject({ kind: 'refused' });
  });

  it('keeps the token to itself, and is told why', async () => {
    server.add('told');
    await flags().set({ ref: ref('told'), to: { on: true, share: 33.333 }, note: 'prod/shop-2026-11-20.3' });
    const patch = server.received.findLast(({ method }) => method === 'PATCH');
    expect(JSON.parse(patch?.body ?? '{}')).toMatchObject({ comment: 'prod/shop-2026-11-20.3' });
    server.holds.trouble = 'broken';
    await expect(flags().read(ref('told'))).rejects.not.toThrow(/api-token/);
    server.holds.trouble = undefined;
  });
});

describe('OFREP', () => {
  it('tells what everybody gets, and changes nothing', async () => {
    await using server = await startOfrep();
    server.holds.flags.set('off', { value: false, reason: 'STATIC' });
    server.holds.flags.set('on', { value: true, reason: 'STATIC' });
    server.holds.flags.set('split', { value: true, reason: 'SPLIT' });
    const flags = flagsAt('ofrep', server.url, 'Bearer ofrep-token');
    expect(await flags.read(ref('off'))).toMatchObject({
      seen: { setting: { on: false, value: false, share: 0 } },
    });
    expect(await flags.read(ref('on'))).toMatchObject({
      seen: { setting: { on: true, value: true, share: 100 } },
    });
    const split = await flags.read(ref('split'));
    expect(split.kind === 'seen' && split.seen.setting).toEqual({ on: true, audience: [] });
    expect(await flags.read(ref('none'))).toMatchObject({ kind: 'missing' });
    expect(await flags.set({ ref: ref('on'), to: { on: false }, note: '' })).toMatchObject({
      why: 'forbidden',
    });
    expect(await flags.access(PLACE)).toMatchObject({ kind: 'reads' });
    const stranger = flagsAt('ofrep', server.url, 'Bearer wrong');
    expect(await stranger.access(PLACE)).toMatchObject({ kind: 'refused' });
  });
});
