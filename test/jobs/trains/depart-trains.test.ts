import { beforeEach, describe, expect, it } from 'vitest';
import { SYSTEM } from '../../../src/domain/actor.ts';
import type { Content } from '../../../src/domain/content.ts';
import { environmentStream } from '../../../src/domain/ids.ts';
import { UnavailableError } from '../../../src/errors.ts';
import { createCatalogSource } from '../../../src/jobs/cut/catalog-source.ts';
import { recordAlways, stamp } from '../../../src/jobs/record.ts';
import { departTrains } from '../../../src/jobs/trains/depart-trains.ts';
import type { Ports } from '../../../src/ports/ports.ts';
import { wordsOf } from '../../views/fixtures.ts';
import { ANA, digestOf, type PlainWorld, plainWorld, SERVICE } from '../plain-world.ts';

const NINE = Date.parse('2026-11-23T08:00:00.000Z');
const TRAIN = { name: 'morning', environment: 'prod', schedule: '0 9 * * 1-5', timeZone: 'Europe/Berlin' };
const APPROVED = { required: 1, from: ['managers'], owners: 'none' as const, expiresAfterMs: 30 * 3_600_000 };

let world: PlainWorld;
beforeEach(async () => {
  world = await plainWorld({
    environment: { previous: 'dev', approvals: APPROVED },
    rules: { trains: [TRAIN] },
  });
});

/** Something was verified one environment earlier. */
async function verified(minor: number): Promise<void> {
  const image = {
    repository: `registry.test/${SERVICE}`,
    digest: digestOf(minor),
    platforms: {},
    version: `1.${minor}.0`,
  };
  const content: Content = { images: { [SERVICE]: image }, keys: [], authors: [] };
  const fact = stamp(world.ports.clock, {
    kind: 'content.verified',
    actor: SYSTEM,
    data: { release: `dev/shop-2026-11-20.${minor}`, contents: { [SERVICE]: content } },
  });
  await recordAlways(world.ports.ledger, environmentStream('dev'), [fact]);
}

function depart(over: Ports = world.ports): Promise<void> {
  return departTrains({ ports: over, rules: world.rules, catalog: world.catalog });
}

const releases = () => world.ports.ledger.recent('release', 10);
const posts = () => world.workspace.channels.get('CPROD')?.posts.map(({ message }) => wordsOf(message)) ?? [];

describe('a train', () => {
  it('cuts what was verified before, as the policy, and asks for approval as usual', async () => {
    await verified(2);
    await world.time.run(NINE - 1);
    await depart();
    expect(await releases()).toEqual([]);
    await world.time.run(NINE + 20_000);
    await depart();
    const release = await world.newest();
    expect(release).toBe('prod/morning-2026-11-23.1');
    const state = await world.state(release);
    expect(state).toMatchObject({ requestedBy: 'signalbox:policy:prod', plan: { makers: [] } });
    await world.settle(release);
    expect(posts()[0]).toContain('cut by train morning');
    expect((await world.state(release)).started).toBeUndefined();
    const { planHash } = await world.state(release);
    await world.ask(ANA, { kind: 'approve', release, seen: { planHash, state: 'awaitingApproval' } });
    await world.settle(release);
    expect((await world.state(release)).ended?.outcome).toBe('released');
    expect(await world.inGit()).toBe(digestOf(2));
  });

  it('leaves once, however often anybody looks and whatever was forgotten', async () => {
    await verified(2);
    await world.time.run(NINE + 20_000);
    const forgetful = { ...world.ports, scratch: { ...world.ports.scratch, get: async () => undefined } };
    await depart(forgetful);
    await depart(forgetful);
    await depart();
    expect(await releases()).toHaveLength(1);
  });

  it('does not leave much later than it should', async () => {
    await verified(2);
    await world.time.run(NINE + 16 * 60_000);
    await depart();
    expect(await releases()).toEqual([]);
    expect(posts()).toEqual([]);
  });

  it('says once that there is nothing to take', async () => {
    await world.time.run(NINE + 1_000);
    await depart();
    await depart({ ...world.ports, scratch: { ...world.ports.scratch, get: async () => undefined } });
    expect(posts()).toHaveLength(1);
    expect(posts()[0]).toContain('Train morning → prod: nothing to take');
  });

  it('says by which rule it was refused, and what to type when that is put right', async () => {
    const nobody = { ...APPROVED, required: 3 };
    world = await plainWorld({
      environment: { previous: 'dev', approvals: nobody },
      rules: { trains: [TRAIN], commandPrefix: 'acme-' },
    });
    await verified(2);
    await world.time.run(NINE + 1_000);
    await depart();
    expect(await releases()).toEqual([]);
    expect(posts()[0]).toMatch(
      /not cut, 1 rule refuses it[\s\S]*rule `[a-z-]+`[\s\S]*\/acme-release cut prod/,
    );
  });

  it('does not cut again what still waits for approval, and says which release has it', async () => {
    await verified(2);
    await world.time.run(NINE + 1_000);
    await depart();
    await world.reconcile(await world.newest());
    await world.time.run(NINE + 24 * 3_600_000 + 1_000);
    await depart();
    expect(await releases()).toHaveLength(1);
    expect(posts().at(-1)).toContain('morning-2026-11-23.1 has all of it and is still open');
  });

  it('is sent a little later when nobody could say at its time who may approve', async () => {
    await verified(2);
    await world.time.run(NINE + 1_000);
    const away: Ports = {
      ...world.ports,
      scratch: world.ports.scratch,
      directory: {
        ...world.ports.directory,
        members: async () => {
          throw new UnavailableError('Slack is away');
        },
      },
    };
    await expect(depart(away)).rejects.toThrow(UnavailableError);
    await world.time.run(NINE + 60_000);
    await depart();
    expect(await releases()).toHaveLength(1);
    expect(posts()).toEqual([]);
  });

  it('says at the end of its grace that it could not be known', async () => {
    await verified(2);
    await world.time.run(NINE + 14 * 60_000);
    await depart({
      ...world.ports,
      directory: {
        ...world.ports.directory,
        members: async () => {
          throw new UnavailableError('Slack is away');
        },
      },
    });
    expect(await releases()).toEqual([]);
    expect(posts()[0]).toMatch(/Train morning → prod: not cut/);
  });

  it('says so at the end of its grace also when Git was away all the time', async () => {
    await verified(2);
    const gone = { view: () => Promise.reject(new UnavailableError('Git is away')) };
    const away: Ports = { ...world.ports, git: { ...world.ports.git, ...gone } };
    const over = { ports: away, rules: world.rules, catalog: createCatalogSource(away, world.rules) };
    await world.time.run(NINE + 60_000);
    await expect(departTrains(over)).rejects.toThrow('Git is away');
    expect(posts()).toEqual([]);
    await world.time.run(NINE + 14 * 60_000);
    await departTrains(over);
    expect(posts()).toEqual([expect.stringMatching(/Train morning → prod: not cut[\s\S]*Git is away/)]);
  });

  it('does not keep another one back that can leave', async () => {
    await verified(2);
    await world.time.run(NINE + 1_000);
    const { scratch } = world.ports;
    const get: typeof scratch.get = (id) =>
      id.startsWith('train/morning/') ? Promise.reject(new UnavailableError('away')) : scratch.get(id);
    const trains = [TRAIN, { ...TRAIN, name: 'other' }];
    const ports: Ports = { ...world.ports, scratch: { ...scratch, get } };
    const departing = departTrains({ ports, rules: { ...world.rules, trains }, catalog: world.catalog });
    await expect(departing).rejects.toThrow('away');
    expect(await world.newest()).toBe('prod/other-2026-11-23.1');
  });

  it('says what is wrong with the catalog instead of leaving', async () => {
    await verified(2);
    await world.repository.push({ branch: 'main', files: { 'catalog.yaml': 'services: {}\n' } });
    await world.time.run(NINE + 1_000);
    await depart();
    expect(await releases()).toEqual([]);
    expect(posts()[0]).toMatch(/Train morning → prod: not cut[\s\S]*catalog/);
  });
});
