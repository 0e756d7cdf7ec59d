import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEmulator } from 'emulate';

export const BOT = 'gho_bot';
export const APP = { id: '777', installation: 100 };

/** An emulated GitHub with `acme/orders-api`. */
export interface EmulatedGithub extends AsyncDisposable {
  url: string;
  /** Asks it as a person does. Throws when it refuses. */
  ask(method: string, path: string, body?: unknown): Promise<unknown>;
}

/**
 * GitHub as emulate has it. Three answers that it lacks are given in front of it, as GitHub documents them: the combined status of
 * a commit (none), rules of a branch (none), and a branch's summary of its protection.
 */
export async function startEmulatedGithub(key: string): Promise<EmulatedGithub> {
  const emulator = await createEmulator({
    service: 'github',
    port: await freePort(),
    seed: {
      tokens: { [BOT]: { login: 'opsbot', scopes: ['repo'] } },
      github: {
        users: [{ login: 'opsbot' }],
        orgs: [{ login: 'acme', members: [{ login: 'opsbot', role: 'admin' }] }],
        repos: [{ owner: 'acme', name: 'orders-api', auto_init: true }],
        apps: [
          {
            app_id: Number(APP.id),
            slug: 'signalbox',
            name: 'Signalbox',
            private_key: key,
            permissions: { contents: 'read', checks: 'read', issues: 'write', pull_requests: 'write' },
            events: [],
            installations: [
              { installation_id: APP.installation, account: 'acme', repository_selection: 'all' },
            ],
          },
        ],
      },
    },
  });
  const front = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(part));
    const { authorization = '', accept = '' } = request.headers;
    const headers = { authorization, accept, 'content-type': 'application/json' };
    const pass = (path: string) =>
      fetch(`${emulator.url}${path}`, {
        method: request.method ?? 'GET',
        headers,
        ...(parts.length > 0 && { body: Buffer.concat(parts) }),
      });
    const path = request.url ?? '/';
    const [bare = ''] = path.split('?');
    const send = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (/\/commits\/[^/]+\/status$/.test(bare))
      return send(200, { state: 'pending', total_count: 0, statuses: [] });
    if (/\/rules\/branches\/[^/]+$/.test(bare)) return send(200, []);
    const answer = await pass(path);
    const body: unknown = answer.status === 204 ? {} : await answer.json();
    if (!/\/branches\/[^/]+$/.test(bare) || answer.status !== 200) return send(answer.status, body);
    const own = await pass(`${bare}/protection`);
    const { required_status_checks: required } = (await own.json()) as { required_status_checks?: object };
    const checks = required && { ...required, enforcement_level: 'everyone' };
    return send(200, {
      ...(body as object),
      protection: { enabled: own.ok, required_status_checks: checks ?? null },
    });
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    async ask(method, path, body) {
      const answer = await fetch(`${emulator.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${BOT}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
      return answer.json();
    },
    async [Symbol.asyncDispose]() {
      front.closeAllConnections();
      await new Promise((resolve) => front.close(resolve));
      await emulator.close();
    },
  };
}

/** The emulator wants to be told its port. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
