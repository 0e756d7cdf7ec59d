import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../src/errors.ts';
import { ANA, BEN, digestOf, SERVICE } from '../plain-world.ts';
import { applied, DORA, migratingWorld } from './migrating-world.ts';

const MINUTE = 60_000;

/** A release that waits for its expand migration. */
async function expanding(options: { signOff?: boolean } = { signOff: false }) {
  const world = await migratingWorld(options);
  const release = await world.cutWith('db/expand.yaml', 2);
  await world.settle(release);
  return { world, release };
}

describe('an expand migration', () => {
  it('is waited for before the first commit, and shown', async () => {
    const { world, release } = await expanding();
    expect(await world.inGit()).toBe(digestOf(1));
    expect(world.shown()).toMatch(
      /Migration `orders-expand` \(expand, flyway 2\.1 of orders\)\s+waits: not begun yet/,
    );
    world.database.says = () => ({
      kind: 'rows',
      rows: [applied(1, '1')],
      lock: { by: 'flyway' },
    });
    await world.settle(release);
    expect(world.shown()).toMatch(/waits: flyway holds its lock \(flyway\)/);
    expect(await world.inGit()).toBe(digestOf(1));
    world.has(applied(1, '1'), applied(2, '2.1'));
    await world.settle(release);
    expect(await world.inGit()).toBe(digestOf(2));
    expect((await world.state(release)).ended?.outcome).toBe('released');
    expect(world.shown()).toMatch(/there in 1 s by ci/);
    const kinds = await world.kinds(release);
    expect(kinds.indexOf('migration.done')).toBeGreaterThan(kinds.indexOf('release.started'));
    expect(kinds.indexOf('migration.done')).toBeLessThan(kinds.indexOf('service.proved'));
  });

  it('that failed holds the release until it is mended and somebody looks again', async () => {
    const { world, release } = await expanding();
    world.has(applied(1, '1'), applied(2, '2.1', { outcome: 'failed' }));
    await world.settle(release);
    expect((await world.state(release)).hold?.reason).toMatchObject({ kind: 'migration' });
    expect(world.shown()).toMatch(/HELD[\s\S]*orders-expand[\s\S]*flyway repair[\s\S]*\[Look again\]/);
    const look = { kind: 'resume', release: (await world.state(release)).name, environment: 'prod' } as const;
    await world.ask(ANA, look);
    await world.settle(release);
    // Nobody lets a release pass what is not there.
    expect((await world.state(release)).hold?.reason).toMatchObject({ kind: 'migration' });
    expect(await world.inGit()).toBe(digestOf(1));
    world.has(applied(1, '1'), applied(3, '2.1'));
    await world.settle(release);
    await world.ask(ANA, look);
    await world.settle(release);
    expect((await world.state(release)).ended?.outcome).toBe('released');
  });

  it('that does not come holds the release when its time is over', async () => {
    const { world, release } = await expanding();
    await world.time.run(world.time.now() + 30 * MINUTE);
    await world.settle(release);
    expect(world.shown()).toMatch(/not there after 30m: not begun yet/);
    expect((await world.state(release)).hold).toBeDefined();
  });

  it('is waited for while nobody can tell, and can be aborted', async () => {
    const { world, release } = await expanding();
    world.database.says = () => {
      throw new UnavailableError("orders of prod: the database can't be asked (ECONNREFUSED)");
    };
    await world.settle(release);
    expect(world.shown()).toMatch(/waits: orders of prod: the database can't be asked/);
    await world.ask(ANA, {
      kind: 'abort',
      release: (await world.state(release)).name,
      environment: 'prod',
    });
    await world.settle(release);
    await world.settle(await world.newest());
    expect(await world.inGit()).toBe(digestOf(1));
    expect((await world.state(release)).ended?.outcome).toBe('rolled-back');
  });

  it('is approved by whoever keeps the database, besides everybody else', async () => {
    const { world, release } = await expanding({ signOff: true });
    expect((await world.state(release)).started).toBeUndefined();
    expect(world.shown()).toMatch(/Waits for dba .*\(keeps orders\)[\s\S]*/);
    expect(world.shown()).toContain('review: https://git.test/pull/7');
    await world.approve(BEN, release);
    await world.settle(release);
    expect((await world.state(release)).started).toBeUndefined();
    await world.approve(DORA, release);
    await world.settle(release);
    expect((await world.state(release)).started).toBeDefined();
  });

  it('is refused where everybody who could sign it off has made it', async () => {
    const world = await migratingWorld();
    world.people.roles.set('dba', { people: [ANA], usergroups: [] });
    await expect(world.cutWith('db/expand.yaml', 2)).rejects.toThrow(
      /needs somebody of dba for orders[\s\S]*`maker-checker`/,
    );
  });

  it('stays when its release is taken back, which the plan says', async () => {
    const { world, release } = await expanding();
    world.has(applied(1, '1'), applied(2, '2.1'));
    await world.settle(release);
    await world.ask(ANA, { kind: 'rollbackPlan', environment: 'prod', target: SERVICE });
    expect(world.told()).toMatch(/`orders-expand` of orders stays: it only adds/);
    await world.ask(ANA, { kind: 'rollback', environment: 'prod', services: [SERVICE], saw: '' });
    const back = await world.newest();
    await world.settle(back);
    expect((await world.state(back)).ended?.outcome).toBe('restored');
    expect(world.shown()).toMatch(/Clean[\s\S]*`orders-expand` of orders stays/);
  });
});

describe('before a release with migrations', () => {
  it('an unreadable database refuses it, and a failure in its history does', async () => {
    const world = await migratingWorld();
    world.database.says = () => {
      throw new UnavailableError("orders of prod: the database can't be asked (ETIMEDOUT)");
    };
    await expect(world.cutWith('db/expand.yaml', 2)).rejects.toThrow(/ETIMEDOUT[\s\S]*`migration-history`/);
    world.has(applied(1, '1', { outcome: 'failed' }));
    await expect(world.cutWith('db/expand.yaml', 2)).rejects.toThrow(/V1__x\.sql\) failed at/);
  });

  it('a file that does not read is told with its lines, and one that is not there by its name', async () => {
    const world = await migratingWorld();
    await world.repository.push({
      branch: 'main',
      files: { 'db/typo.yaml': 'migrations:\n  - name: a-expand\n    type: flyway\n    traget: "1"\n' },
    });
    await world.cutWith('db/typo.yaml', 2).catch(() => undefined);
    expect(world.told()).toMatch(/db\/typo\.yaml:4:\d+ .*traget/);
    await world.cutWith('db/none.yaml', 2).catch(() => undefined);
    expect(world.told()).toContain('There is no db/none.yaml on main of gitops');
  });
});

describe('a contract migration', () => {
  /** A release for the database alone, with the code that no longer needs what it removes. */
  async function contracting() {
    const world = await migratingWorld({ signOff: false });
    const code = await world.cut(2);
    await world.settle(code);
    world.metrics.values = (promql) => (promql.startsWith('count') ? [60] : [0]);
    const release = await world.cutWith('db/contract.yaml');
    await world.settle(release);
    return { world, release };
  }

  it('waits for its soak, then for its readers to be gone, then may run', async () => {
    const { world, release } = await contracting();
    expect(world.shown()).toMatch(/`orders-contract` .*waits: the code without it has to run for 1h; until/);
    expect(world.metrics.asked).toEqual([]);
    world.metrics.values = () => [2];
    await world.time.run(world.time.now() + 60 * MINUTE);
    await world.settle(release);
    expect(world.shown()).toMatch(/somebody reads what it removes: up to 2 in the last 1h, and 0 is allowed/);
    world.metrics.values = () => [];
    await world.time.run(world.time.now() + 2 * MINUTE);
    await world.settle(release);
    expect(world.shown()).toMatch(/whether anybody reads what it removes is not known: no data/);
    world.metrics.values = (promql) => (promql.startsWith('count') ? [12] : [0]);
    await world.time.run(world.time.now() + 2 * MINUTE);
    await world.settle(release);
    expect(world.shown()).toMatch(/12 of 60 points of the last 1h were measured/);
    expect((await world.state(release)).migrations['orders-contract']?.cleared).toBeUndefined();
    world.metrics.values = (promql) => (promql.startsWith('count') ? [60] : [0]);
    await world.time.run(world.time.now() + 2 * MINUTE);
    await world.settle(release);
    expect(world.shown()).toMatch(/migration orders-contract may run[\s\S]*0 readers at 60 points/);
    expect((await world.state(release)).ended).toBeUndefined();
    world.has(applied(1, '1'), applied(2, '3'));
    await world.settle(release);
    expect((await world.state(release)).ended?.outcome).toBe('released');
    expect(world.shown()).toMatch(
      /no way back beyond migration orders-contract[\s\S]*Put the column back by V3\.1/,
    );
  });

  it('does not bring its services out anew', async () => {
    const { world, release } = await contracting();
    const { plan } = await world.state(release);
    expect(plan.services[SERVICE]?.to).toEqual(plan.services[SERVICE]?.from);
    expect(await world.inGit()).toBe(digestOf(2));
  });

  it('is a point of no return: older code does not go back in, and the answer is the forward fix', async () => {
    const { world, release } = await contracting();
    await world.time.run(world.time.now() + 60 * MINUTE);
    await world.settle(release);
    world.has(applied(1, '1'), applied(2, '3'));
    await world.settle(release);
    await world.ask(ANA, { kind: 'rollback', environment: 'prod', services: [SERVICE], saw: '' });
    expect(world.told()).toMatch(
      /Not rolled back[\s\S]*orders-contract of orders[\s\S]*removed what its older code needs[\s\S]*forwardFix[\s\S]*Put the column back by V3\.1/,
    );
    expect(await world.inGit()).toBe(digestOf(2));
    // What came after it goes back as far as it.
    world.has(applied(1, '1'), applied(2, '3'));
    const newer = await world.cut(3);
    await world.settle(newer);
    await world.ask(ANA, { kind: 'rollback', environment: 'prod', services: [SERVICE], saw: '' });
    const back = await world.newest();
    await world.settle(back);
    expect(await world.inGit()).toBe(digestOf(2));
    expect((await world.state(back)).ended?.outcome).toBe('restored');
  });

  it('that ran before it was let is written down all the same, and said', async () => {
    const { world, release } = await contracting();
    world.has(applied(1, '1'), applied(2, '3'));
    await world.settle(release);
    const { migrations, ended } = await world.state(release);
    expect(migrations['orders-contract']?.done?.uncleared).toBe(true);
    expect(ended?.outcome).toBe('released');
    expect(world.shown()).toMatch(/It ran before this release let it/);
  });

  it('that is aborted while it soaks ends as it is, and frees its services', async () => {
    const { world, release } = await contracting();
    const { name } = await world.state(release);
    await world.ask(ANA, { kind: 'abort', release: name, environment: 'prod' });
    await world.settle(release);
    expect((await world.state(release)).ended).toBeDefined();
    const next = await world.cut(3);
    await world.settle(next);
    expect((await world.state(next)).ended?.outcome).toBe('released');
  });

  it('is refused beside new code of its services', async () => {
    const world = await migratingWorld({ signOff: false });
    await expect(world.cutWith('db/contract.yaml', 2)).rejects.toThrow(
      /goes with new code of[\s\S]*`no-destructive-with-code`/,
    );
  });
});

describe('a backfill', () => {
  const BACKFILL = `migrations:
  - name: orders-migrate
    type: custom
    services: [${SERVICE}]
    constraint: full
    backoutPlan: "leave what is filled in"
    progress: { query: 'min(backfill_percent{env="{{environment}}"})', breakerQuery: sum(backfill_stopped) }
    dataReview: { by: Eve, covers: [consent, retention, privacy] }
rollback: { dbPlan: forwardFix }
`;

  it('is waited for after the last wave, with its progress and its circuit breaker', async () => {
    const world = await migratingWorld({ signOff: false });
    await world.repository.push({ branch: 'main', files: { 'db/backfill.yaml': BACKFILL } });
    let [percent, stopped] = [40.25, 0];
    world.metrics.values = (promql) => [promql.includes('stopped') ? stopped : percent];
    const release = await world.cutWith('db/backfill.yaml', 2);
    await world.settle(release);
    expect(await world.inGit()).toBe(digestOf(2));
    expect(world.metrics.asked).toContain('min(backfill_percent{env="prod"})');
    expect(world.shown()).toMatch(/waits: ▓▓▓░░░░░ 40\.3 % fills in; until/);
    stopped = 1;
    await world.settle(release);
    expect(world.shown()).toMatch(/40\.3 % it has stopped itself: its circuit breaker is open/);
    world.metrics.values = () => 'away';
    await world.settle(release);
    expect(world.shown()).toMatch(/waits: its progress: Prometheus is away/);
    [percent, stopped] = [100, 0];
    world.metrics.values = (promql) => [promql.includes('stopped') ? stopped : percent];
    await world.settle(release);
    expect((await world.state(release)).ended?.outcome).toBe('released');
    // No database is asked about it, and none has to be configured.
    expect(world.database.asked).toBe(0);
  });
});
