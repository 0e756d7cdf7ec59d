import { expect, it } from 'vitest';
import type { HistoryQuestion } from '../../src/domain/migration/migration-history.ts';
import { UnavailableError } from '../../src/errors.ts';
import type { Migrations } from '../../src/ports/migrations.ts';

/** A port with one database, `orders` of `prod`, in which nothing has been applied. */
export interface MigrationsWorld extends AsyncDisposable {
  migrations: Migrations;
  tool: 'flyway' | 'liquibase';
  /** What the tool does: applies a migration, fails at one, takes one back. Answers with its id. */
  applies(version: string): Promise<string>;
  fails(version: string): Promise<string>;
  /** From now on nobody answers. */
  goAway(): Promise<void>;
}

/** What every implementation of the port does for tools that keep a history. Each test gets a world of its own from `makeWorld`. */
export function migrationsContract(makeWorld: () => Promise<MigrationsWorld>): void {
  const ask = ({ migrations, tool }: MigrationsWorld, of: Partial<HistoryQuestion> = {}) =>
    migrations.history({ environment: 'prod', database: 'orders', tool, ...of } as HistoryQuestion);

  it('says that a tool never ran, or has applied nothing', async () => {
    await using world = await makeWorld();
    const history = await ask(world);
    expect(history.kind === 'rows' ? history.rows : history.kind).toEqual(
      history.kind === 'rows' ? [] : 'empty',
    );
  });

  it('gives what was applied and what failed, in their order', async () => {
    await using world = await makeWorld();
    const first = await world.applies('1');
    const second = await world.applies('2.1');
    const third = await world.fails('3');
    const history = await ask(world);
    if (history.kind !== 'rows') throw new Error(JSON.stringify(history));
    const rows = history.rows.toSorted((a, b) => a.order - b.order);
    expect(rows.map(({ id, outcome }) => [id, outcome])).toEqual([
      [first, 'applied'],
      [second, 'applied'],
      [third, 'failed'],
    ]);
    for (const { at, script } of rows) {
      expect(Number.isNaN(Date.parse(at))).toBe(false);
      expect(script).not.toBe('');
    }
  });

  it('refuses what is not configured', async () => {
    await using world = await makeWorld();
    expect(await ask(world, { database: 'payments' })).toMatchObject({
      kind: 'refused',
      says: expect.stringContaining('payments'),
    });
    expect(await ask(world, { environment: 'dev' })).toMatchObject({ kind: 'refused' });
  });

  it('is unavailable while nobody answers', async () => {
    await using world = await makeWorld();
    await world.goAway();
    await expect(ask(world)).rejects.toBeInstanceOf(UnavailableError);
    await expect(world.migrations.rights('orders', 'prod')).rejects.toBeInstanceOf(UnavailableError);
  });
}
