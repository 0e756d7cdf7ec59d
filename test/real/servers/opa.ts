import { findFreePorts } from '../../cluster/free-ports.ts';
import { findOpa } from '../opa.ts';
import { opened } from '../opened.ts';
import { answers, startServer } from './start-server.ts';

/** An Open Policy Agent on loopback that has loaded these files or folders. */
export interface RealOpa extends AsyncDisposable {
  url: string;
}

/** Those who ask need the token, where there is one. */
export async function startRealOpa(policies: readonly string[]): Promise<RealOpa> {
  const command = await findOpa();
  return opened(async (open) => {
    const [port] = await findFreePorts(1);
    const address = `127.0.0.1:${port}`;
    const url = `http://${address}`;
    const args = ['run', '--server', '--disable-telemetry', '--addr', address, ...policies];
    open.adopt(await startServer({ command, args, ready: () => answers(`${url}/health`) }), (server) =>
      server.stop(),
    );
    return { url };
  });
}
