import { execFile } from 'node:child_process';
import { chown, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { opened, temporaryFolder } from '../opened.ts';
import { POSTGRES, realProgram } from '../programs.ts';
import { startServer } from './start-server.ts';

/** A PostgreSQL of one's own, on a socket in a folder. */
export interface RealPostgres extends AsyncDisposable {
  /** Folder of its socket, which is what clients take for a host. */
  host: string;
  user: string;
}

/** PostgreSQL refuses to run as root: then it is nobody. */
const NOBODY = 65534;

/** Starts one without durability: what it holds is gone with it. */
export async function startRealPostgres(): Promise<RealPostgres> {
  const { command, libraryPath } = await realProgram(POSTGRES);
  const bin = dirname(await realpath(command));
  return opened(async (open) => {
    const host = await temporaryFolder(open, 'postgres');
    const isRoot = process.getuid?.() === 0;
    if (isRoot) await chown(host, NOBODY, NOBODY);
    const as = isRoot ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'] : ['env'];
    const data = join(host, 'data');
    const initdb = [join(bin, 'initdb'), '-D', data, '-U', 'test', '-A', 'trust', '-E', 'UTF8', '--no-sync'];
    const [first = '', ...rest] = [...as, ...initdb];
    const environment = { ...process.env, ...(libraryPath && { LD_LIBRARY_PATH: libraryPath }) };
    await promisify(execFile)(first, rest, { cwd: host, env: environment });
    const [runner = '', ...runs] = as;
    const server = await startServer({
      command: runner,
      args: [...runs, join(bin, 'postgres'), '-D', data, '-k', host, '-h', '', '-c', 'fsync=off'],
      ...(libraryPath && { libraryPath }),
      ready: () => isReady(join(bin, 'pg_isready'), host, environment),
    });
    open.adopt(server, (running) => running.stop());
    return { host, user: 'test' };
  });
}

async function isReady(command: string, host: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  await promisify(execFile)(command, ['-h', host, '-U', 'test', '-d', 'postgres'], { env });
  return true;
}
