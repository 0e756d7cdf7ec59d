import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { describe, expect, it } from 'vitest';
import { commandOutput } from './command.ts';
import { startControlPlane } from './control-plane.ts';
import { findFreePorts } from './free-ports.ts';
import { isRunning } from './process-identity.ts';
import { recordedProcesses } from './process-record.ts';

async function listen(): Promise<{ port: number } & AsyncDisposable> {
  const server: Server = createServer((socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { port, [Symbol.asyncDispose]: async () => void (await once(server.close(), 'close')) };
}

/** Every process that has this text in its command line or in its environment, wherever it was started. */
async function processesThatMention(text: string): Promise<string[]> {
  const printed = await commandOutput('ps', ['axeww', '-o', 'command=']);
  return printed.split('\n').filter((line) => line.includes(text));
}

describe('the control plane in trouble', () => {
  it('starts again on other ports when one was taken meanwhile, and leaves nothing running behind it', async () => {
    await using taken = await listen();
    const lines: string[] = [];
    let starts = 0;
    const findPorts = async (count: number): Promise<number[]> => {
      starts += 1;
      const ports = await findFreePorts(count);
      // In the order in which they are asked for: etcd's two, then the API server's.
      return starts === 1
        ? [taken.port, ...ports.slice(1)]
        : starts === 2
          ? [...ports.slice(0, 2), taken.port]
          : ports;
    };
    const plane = await startControlPlane({ findPorts, progress: (line) => lines.push(line) });
    const again = 'a port was taken meanwhile; starting again on others';
    expect(lines.filter((line) => line === again)).toHaveLength(2);

    const processes = recordedProcesses(plane.directory).filter(({ role }) => role !== 'owner');
    expect(processes.every(isRunning)).toBe(true);
    expect((await processesThatMention(plane.directory)).length).toBe(processes.length);
    await plane.stop();
    expect(processes.filter(isRunning)).toEqual([]);
    expect(await processesThatMention(plane.directory)).toEqual([]);
  });

  it('says what a program said that refuses to start, and leaves nothing running', async () => {
    const runs = async (): Promise<string[]> => processesThatMention('signalbox-cluster-');
    const before = await runs();
    const start = startControlPlane({ apiServerArgs: ['--no-such-flag'] });
    await expect(start).rejects.toThrow(
      /kube-apiserver ended with exit code 1 .*unknown flag: --no-such-flag/s,
    );
    expect(await runs()).toEqual(before);
  });

  it('answers nobody while its API server is frozen, and goes on when it is thawed', async () => {
    await using plane = await startControlPlane();
    const apiServer = plane.process('kube-apiserver');
    apiServer.freeze();
    const cut = await plane.attempt('kubectl', 'get', 'nodes', '--request-timeout=1s');
    expect(cut.exitCode).toBe(1);
    apiServer.thaw();
    expect(await plane.kubectl('get', 'nodes')).toContain('node-1');
    expect(() => plane.process('argocd-redis')).toThrow('this control plane has no argocd-redis');
  });
});
