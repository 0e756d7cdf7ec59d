import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../src/errors.ts';
import type { DatabaseRights } from '../../../src/ports/migrations.ts';
import { databaseLooks } from '../../../src/program/check/database-looks.ts';
import { lookAtAll } from '../../../src/program/check/look-at-all.ts';
import { configOf, MINIMAL } from '../../config/minimal-config.ts';

const CONFIG = `${MINIMAL}databases:
  orders: { engine: postgresql, environments: { prod: { urlEnv: ORDERS_URL } } }
`;

async function checked(rights: () => Promise<DatabaseRights>) {
  const history = async () => ({ kind: 'empty' as const, says: '' });
  const looks = databaseLooks(await configOf(CONFIG), () => ({ history, rights }));
  const [area] = await lookAtAll(looks);
  return area?.findings.map((one) => `${one.kind} ${one.says}${'fix' in one ? ` -> ${one.fix}` : ''}`);
}

describe('a check of databases', () => {
  it('is content with a user who reads and cannot write', async () => {
    const rights = { says: 'PostgreSQL 15.4 as reader', reads: ['public.flyway_schema_history'], writes: [] };
    expect(await checked(async () => rights)).toEqual([
      'ok orders in prod: PostgreSQL 15.4 as reader reads public.flyway_schema_history',
    ]);
  });

  it('tells what could be written, and that no table of a tool is seen', async () => {
    const rights = { says: 'PostgreSQL 15.4 as owner', reads: [], writes: ['everything: it is a superuser'] };
    expect(await checked(async () => rights)).toEqual([
      expect.stringMatching(/^warning orders in prod: .* sees no table of a migration tool -> GRANT SELECT/),
      expect.stringMatching(
        /^warning orders in prod: .* could write: everything: .* -> Give it a user of its own/,
      ),
    ]);
  });

  it('says where it cannot get in, and what to see to', async () => {
    const away = async (): Promise<DatabaseRights> => {
      throw new UnavailableError("the database can't be asked (ECONNREFUSED)");
    };
    expect(await checked(away)).toEqual([
      expect.stringMatching(
        /^fault orders in prod: .*ECONNREFUSED.* -> See that the address in ORDERS_URL is right/,
      ),
    ]);
  });
});
