import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePorts } from '../../cluster/free-ports.ts';
import { findAlertmanager } from '../alertmanager.ts';
import { opened, temporaryFolder } from '../opened.ts';
import { answers, startServer } from './start-server.ts';

/** An Alertmanager on loopback, alone, that calls nobody. */
export interface RealAlertmanager extends AsyncDisposable {
  url: string;
}

export async function startRealAlertmanager(): Promise<RealAlertmanager> {
  const command = await findAlertmanager();
  return opened(async (open) => {
    const folder = await temporaryFolder(open, 'alertmanager');
    const config = join(folder, 'alertmanager.yml');
    await writeFile(config, 'route: { receiver: nobody, group_wait: 0s }\nreceivers: [{ name: nobody }]\n');
    const [port] = await findFreePorts(1);
    const address = `127.0.0.1:${port}`;
    const url = `http://${address}`;
    const args = [
      `--config.file=${config}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
      // No gossip: it is alone, and takes no other port.
      '--cluster.listen-address=',
    ];
    open.adopt(await startServer({ command, args, ready: () => answers(`${url}/-/ready`) }), (server) =>
      server.stop(),
    );
    return { url };
  });
}
