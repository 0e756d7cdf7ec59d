import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePorts } from '../../cluster/free-ports.ts';
import { opened, temporaryFolder } from '../opened.ts';
import { findUnleash } from '../unleash.ts';
import { startRealPostgres } from './postgres.ts';
import { answers, startServer } from './start-server.ts';

/** An Unleash on loopback, with its environments `development` and `production` and its project `default`. */
export interface RealUnleash extends AsyncDisposable {
  url: string;
  /** May do everything. */
  token: string;
}

const TOKEN = '*:*.signalbox-real-admin';

/** Starts one on a PostgreSQL of its own. It is told to ask nobody about versions, and to tell nobody about itself. */
export async function startRealUnleash(): Promise<RealUnleash> {
  const module = await findUnleash();
  return opened(async (open) => {
    const postgres = open.use(await startRealPostgres());
    const folder = await temporaryFolder(open, 'unleash');
    const [port] = await findFreePorts(1);
    const settings = {
      db: { host: postgres.host, user: postgres.user, database: 'postgres', ssl: false },
      server: { port, host: '127.0.0.1' },
      authentication: {
        initApiTokens: [{ environment: '*', project: '*', secret: TOKEN, type: 'admin', tokenName: 'test' }],
      },
      versionCheck: { enable: false },
      telemetry: false,
      logLevel: 'error',
    };
    const script = join(folder, 'start.mjs');
    await writeFile(
      script,
      `import { start } from ${JSON.stringify(module)};\nawait start(${JSON.stringify(settings)});\n`,
    );
    const url = `http://127.0.0.1:${port}`;
    const server = await startServer({
      command: process.execPath,
      args: [script],
      ready: async () =>
        (await fetch(`${url}/health`, { signal: AbortSignal.timeout(1_000) })).ok && answers(`${url}/health`),
    });
    open.adopt(server, (running) => running.stop());
    return { url, token: TOKEN };
  });
}
