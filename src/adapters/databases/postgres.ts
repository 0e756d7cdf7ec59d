import pg from 'pg';
import { UnavailableError } from '../../errors.ts';
import type { Asked, DatabaseAddress, Session } from './session.ts';

/**
 * A visit to PostgreSQL. The limits are set in the transaction, not at the start of the connection: a pooler such as PgBouncer
 * refuses start parameters that it does not know.
 */
export async function visitPostgres<T>(
  address: DatabaseAddress,
  visit: (session: Session) => Promise<T>,
): Promise<T> {
  const { host, port, user, password, database, tls, timeoutMs } = address;
  const client = new pg.Client({
    host,
    port,
    user,
    password,
    database,
    ssl: tls ? { rejectUnauthorized: true, ...(tls.ca !== undefined && { ca: tls.ca }) } : false,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs + GRACE_MS,
    application_name: 'signalbox',
  });
  // A connection that breaks between two questions says so here; the next question says it again.
  client.on('error', () => undefined);
  try {
    const entered = await asked(client.connect().then(() => []));
    const session: Session = {
      engine: 'postgresql',
      name: (identifier) => client.escapeIdentifier(identifier),
      async ask(sql, values = []) {
        if (entered.kind !== 'rows') return entered;
        await asked(begin(client, timeoutMs));
        const answer = await asked(client.query(sql, [...values]).then(({ rows }) => rows));
        // A question that failed has ended the transaction for all others.
        await asked(client.query('ROLLBACK').then(() => []));
        return answer;
      },
    };
    return await visit(session);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Added to the server's own deadline, so that its answer about a slow question arrives before we hang up. */
const GRACE_MS = 500;

async function begin(client: pg.Client, timeoutMs: number): Promise<[]> {
  await client.query('BEGIN READ ONLY');
  await client.query(`SET LOCAL statement_timeout = ${Math.round(timeoutMs)}`);
  return [];
}

/** Classes and codes: https://www.postgresql.org/docs/current/errcodes-appendix.html */
async function asked(answer: Promise<Record<string, unknown>[]>): Promise<Asked> {
  try {
    return { kind: 'rows', rows: await answer };
  } catch (error) {
    const code = error instanceof pg.DatabaseError ? (error.code ?? '') : '';
    if (code === '42P01' || code === '3F000') return { kind: 'missing' };
    if (code === '42501') return { kind: 'refused', says: 'this user may not read it (42501)' };
    if (code.startsWith('28'))
      return { kind: 'refused', says: `the database does not let this user in (${code})` };
    if (code === '3D000') return { kind: 'refused', says: 'there is no such database on the server (3D000)' };
    if (code === '42703')
      return { kind: 'refused', says: 'its table has not the columns of the tool (42703)' };
    const what = code || ((error as NodeJS.ErrnoException).code ?? 'no answer');
    throw new UnavailableError(`the database can't be asked (${what})`, { cause: new Error(what) });
  }
}
