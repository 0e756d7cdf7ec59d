/** What a question to a database came to. Nobody being there is an `UnavailableError`. */
export type Asked =
  | { kind: 'rows'; rows: Record<string, unknown>[] }
  /** There is no such table. */
  | { kind: 'missing' }
  /** It does not let us in, or does not let us see this. `says` holds no words of the server: those could hold anything. */
  | { kind: 'refused'; says: string };

/** One visit to a database, in a transaction that cannot write. */
export interface Session {
  engine: 'postgresql' | 'mysql';
  /** Values go by parameters: `$1` for PostgreSQL, `?` for MySQL. */
  ask(sql: string, values?: readonly unknown[]): Promise<Asked>;
  /** A name as SQL takes it. */
  name(identifier: string): string;
}

/** How a database is reached. */
export interface DatabaseAddress {
  engine: 'postgresql' | 'mysql';
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  /** Absent: in the clear, for a desk or a private network. */
  tls?: { ca?: string | undefined } | undefined;
  /** For connecting, and for each question. */
  timeoutMs: number;
}

/** More rows than any tool's table that is still read by people; the newest of them are read. */
export const MOST_ROWS = 5_000;
