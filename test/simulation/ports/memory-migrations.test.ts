import { describe } from 'vitest';
import type { AppliedMigration } from '../../../src/domain/migration/migration-history.ts';
import { UnavailableError } from '../../../src/errors.ts';
import { migrationsContract } from '../../contracts/migrations.ts';
import { createMemoryMigrations } from './memory-migrations.ts';

describe('the in-memory databases', () => {
  migrationsContract(async () => {
    const rows: AppliedMigration[] = [];
    let isAway = false;
    const asked = <T>(answer: T): T => {
      if (isAway) throw new UnavailableError('the database is away');
      return answer;
    };
    const add = (outcome: AppliedMigration['outcome']) => async (id: string) => {
      rows.push({ id, order: rows.length, at: '2026-11-20T14:00:00.000Z', outcome, script: `V${id}.sql` });
      return id;
    };
    return {
      migrations: createMemoryMigrations({
        history: ({ database, environment }) =>
          asked(
            database === 'orders' && environment === 'prod'
              ? { kind: 'rows', rows: [...rows] }
              : { kind: 'refused', says: `there is no ${database}` },
          ),
        rights: () => asked({ says: 'memory', reads: [], writes: [] }),
      }),
      tool: 'flyway',
      applies: add('applied'),
      fails: add('failed'),
      goAway: async () => {
        isAway = true;
      },
      [Symbol.asyncDispose]: async () => undefined,
    };
  });
});
