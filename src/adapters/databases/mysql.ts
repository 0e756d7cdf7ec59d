import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { UnavailableError } from '../../errors.ts';
import type { Asked, DatabaseAddress, Session } from './session.ts';

/** A visit to MySQL or MariaDB. */
export async function visitMysql<T>(
  address: DatabaseAddress,
  visit: (session: Session) => Promise<T>,
): Promise<T> {
  const { host, port, user, password, database, tls, timeoutMs } = address;
  let connection: Connection | undefined;
  try {
    const entered = await asked(
      createConnection({
        host,
        port,
        user,
        password,
        database,
        connectTimeout: timeoutMs,
        // Times as the server's clock has them: whoever reads them knows no other zone.
        timezone: 'Z',
        dateStrings: true,
        ...(tls && { ssl: { rejectUnauthorized: true, ...(tls.ca !== undefined && { ca: tls.ca }) } }),
      }).then(async (opened) => {
        connection = opened;
        // A connection that breaks between two questions says so here; the next question says it again.
        opened.on('error', () => undefined);
        await opened.query("SET time_zone = '+00:00'");
        await opened.query('START TRANSACTION READ ONLY');
        return [];
      }),
    );
    const session: Session = {
      engine: 'mysql',
      name: (identifier) => `\`${identifier.replaceAll('`', '``')}\``,
      async ask(sql, values = []) {
        if (entered.kind !== 'rows' || connection === undefined)
          return entered.kind === 'rows' ? { kind: 'refused', says: 'there is no connection' } : entered;
        const query = connection.query<RowDataPacket[]>({ sql, values: [...values], timeout: timeoutMs });
        return asked(query.then(([rows]) => rows));
      },
    };
    return await visit(session);
  } finally {
    // Saying goodbye would wait for a question that hangs.
    connection?.destroy();
  }
}

/** Codes: https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html */
const REFUSALS: Readonly<Record<string, string>> = {
  ER_ACCESS_DENIED_ERROR: 'the database does not let this user in',
  ER_DBACCESS_DENIED_ERROR: 'this user may not read the database',
  ER_TABLEACCESS_DENIED_ERROR: 'this user may not read it',
  ER_COLUMNACCESS_DENIED_ERROR: 'this user may not read it',
  ER_SPECIFIC_ACCESS_DENIED_ERROR: 'this user may not read it',
  ER_BAD_DB_ERROR: 'there is no such database on the server',
  ER_BAD_FIELD_ERROR: 'its table has not the columns of the tool',
};

async function asked(answer: Promise<Record<string, unknown>[]>): Promise<Asked> {
  try {
    return { kind: 'rows', rows: await answer };
  } catch (error) {
    const code = String((error as { code?: unknown }).code ?? 'no answer');
    if (code === 'ER_NO_SUCH_TABLE') return { kind: 'missing' };
    const refusal = new Map(Object.entries(REFUSALS)).get(code);
    if (refusal !== undefined) return { kind: 'refused', says: `${refusal} (${code})` };
    throw new UnavailableError(`the database can't be asked (${code})`, { cause: new Error(code) });
  }
}
