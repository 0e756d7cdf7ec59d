import { execFile } from 'node:child_process';
import { chown, mkdir, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import { findFreePorts } from '../../cluster/free-ports.ts';
import { opened, temporaryFolder } from '../opened.ts';
import { MARIADB, POSTGRES, realProgram } from '../programs.ts';
import { startServer } from './start-server.ts';

const run = promisify(execFile);

/** A database on loopback, and who may do what in it. */
export interface RealDatabase extends AsyncDisposable {
  port: number;
  /** As the owner of everything, in a database `orders`. */
  write(sql: string): Promise<void>;
  /** Answers nobody any more. */
  stop(): Promise<void>;
}

/** The user that the program is given: it may read what a test grants it. */
export const READER = { user: 'reader', password: 'r3ader' };
const OWNER = { user: 'owner', password: '0wner' };
/** Debian's user for whoever has no rights. PostgreSQL refuses to run as root. */
const NOBODY = 65_534;

/** PostgreSQL with a database `orders`. `tls`: with a certificate of its own, and for nobody without. */
export function startPostgres(): Promise<RealDatabase> {
  return opened(async (open) => {
    const { command, libraryPath } = await realProgram(POSTGRES);
    const programs = dirname(await realpath(command));
    const folder = await temporaryFolder(open, 'postgres');
    const [port = 0] = await findFreePorts(1);
    const data = join(folder, 'data');
    const isRoot = process.getuid?.() === 0;
    if (isRoot) await chown(folder, NOBODY, NOBODY);
    const as = isRoot ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'] : [];
    const withLibraries = libraryPath === '' ? [] : ['env', `LD_LIBRARY_PATH=${libraryPath}`];
    const secret = join(folder, 'secret');
    await writeFile(secret, OWNER.password);
    if (isRoot) await chown(secret, NOBODY, NOBODY);
    const [first = '', ...rest] = [
      ...as,
      ...withLibraries,
      join(programs, 'initdb'),
      ...[
        '-D',
        data,
        '-U',
        OWNER.user,
        '--pwfile',
        secret,
        '-A',
        'scram-sha-256',
        '-E',
        'UTF8',
        '--locale=C',
      ],
      '--no-sync',
    ];
    await run(first, rest);
    const [program = '', ...args] = [
      ...as,
      join(programs, 'postgres'),
      ...['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', '', '-F'],
    ];
    const query = async (database: string, sql: string) => {
      const client = new pg.Client({ host: '127.0.0.1', port, database, ...OWNER });
      try {
        await client.connect();
        await client.query(sql);
      } finally {
        await client.end();
      }
    };
    const server = open.adopt(
      await startServer({
        command: program,
        args,
        libraryPath,
        ready: () => query('postgres', 'SELECT 1').then(() => true),
      }),
      (started) => started.stop(),
    );
    await query('postgres', 'CREATE DATABASE orders');
    await query(
      'orders',
      `REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE ROLE reader LOGIN PASSWORD '${READER.password}'; GRANT USAGE ON SCHEMA public TO reader`,
    );
    return { port, write: (sql: string) => query('orders', sql), stop: () => server.stop() };
  });
}

/** MariaDB with a database `orders`, which stands for MySQL too: its tables of names and its grants are the same. */
export function startMariadb(): Promise<RealDatabase> {
  return opened(async (open) => {
    const { command, libraryPath } = await realProgram(MARIADB);
    const base = join(dirname(await realpath(command)), '..');
    const folder = await temporaryFolder(open, 'mariadb');
    const [port = 0] = await findFreePorts(1);
    const data = join(folder, 'data');
    await mkdir(data);
    const withLibraries = libraryPath === '' ? [] : [`LD_LIBRARY_PATH=${libraryPath}`];
    await run('env', [
      ...withLibraries,
      join(base, 'bin', 'mariadb-install-db'),
      '--no-defaults',
      `--basedir=${base}`,
      `--datadir=${data}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      ...(process.getuid?.() === 0 ? ['--user=root'] : []),
    ]);
    const query = async (sql: string, database?: string) => {
      const connection = await createConnection({
        host: '127.0.0.1',
        port,
        user: 'root',
        multipleStatements: true,
        ...(database && { database }),
      });
      try {
        await connection.query(sql);
      } finally {
        connection.destroy();
      }
    };
    const server = open.adopt(
      await startServer({
        command,
        libraryPath,
        args: [
          '--no-defaults',
          `--basedir=${base}`,
          `--datadir=${data}`,
          '--bind-address=127.0.0.1',
          `--port=${port}`,
          `--socket=${join(folder, 'socket')}`,
          `--pid-file=${join(folder, 'pid')}`,
          '--skip-log-bin',
          ...(process.getuid?.() === 0 ? ['--user=root'] : []),
        ],
        ready: () => query('SELECT 1').then(() => true),
      }),
      (started) => started.stop(),
    );
    await query(
      `CREATE DATABASE orders; CREATE TABLE orders.seen (a INT); CREATE USER '${READER.user}'@'%' IDENTIFIED BY '${READER.password}'`,
    );
    return { port, write: (sql: string) => query(sql, 'orders'), stop: () => server.stop() };
  });
}
