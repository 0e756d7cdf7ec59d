import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePorts } from '../../cluster/free-ports.ts';
import { findCrane } from '../crane.ts';
import { opened, temporaryFolder } from '../opened.ts';
import { DOCKER_REGISTRY, realProgram } from '../programs.ts';
import { answers, startServer } from './start-server.ts';

/** A registry on loopback. */
export interface RealRegistry extends AsyncDisposable {
  /** `127.0.0.1:<port>`, as images name it. */
  host: string;
  url: string;
  /** A folder of this registry alone, removed with it. */
  directory: string;
}

export const ACCOUNT = { username: 'bot', password: 'p4ssw0rd' };

/** The account in the only form that Docker's registry reads. Made by `crypt("p4ssw0rd", "$2b$05$abcdefghijklmnopqrstuu")`. */
const HTPASSWD = 'bot:$2b$05$abcdefghijklmnopqrstuuGqDXXQfM.Xg6JQUvV2m6pypItXN117y\n';

/** The registry of Docker and most of the world (`distribution`). With an account it asks for basic authentication. */
export async function startDockerRegistry({ asks }: { asks: 'nobody' | 'account' }): Promise<RealRegistry> {
  const { command } = await realProgram(DOCKER_REGISTRY);
  return start(async ({ host, directory }) => {
    const passwords = join(directory, 'htpasswd');
    await writeFile(passwords, HTPASSWD);
    const configuration = join(directory, 'registry.json');
    const settings = {
      version: '0.1',
      log: { level: 'error' },
      storage: { filesystem: { rootdirectory: join(directory, 'images') } },
      http: { addr: host },
      ...(asks === 'account' && { auth: { htpasswd: { realm: 'test', path: passwords } } }),
    };
    await writeFile(configuration, JSON.stringify(settings));
    return { command, args: ['serve', configuration] };
  });
}

/** The registry of go-containerregistry, which keeps everything in memory. */
export async function startCraneRegistry(): Promise<RealRegistry> {
  const command = await findCrane();
  return start(async ({ host }) => ({ command, args: ['registry', 'serve', '--address', host] }));
}

function start(
  plan: (place: { host: string; directory: string }) => Promise<{ command: string; args: string[] }>,
): Promise<RealRegistry> {
  return opened(async (open) => {
    const directory = await temporaryFolder(open, 'registry');
    const [port] = await findFreePorts(1);
    const host = `127.0.0.1:${port}`;
    const url = `http://${host}`;
    const ready = () => answers(`${url}/v2/`);
    open.adopt(await startServer({ ...(await plan({ host, directory })), ready }), (server) => server.stop());
    return { host, url, directory };
  });
}
