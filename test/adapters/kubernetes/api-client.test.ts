import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ApiClient, createApiClient } from '../../../src/adapters/kubernetes/api-client.ts';
import type { ClusterAccess } from '../../../src/adapters/kubernetes/cluster-access.ts';
import { openCredentials } from '../../../src/adapters/kubernetes/credentials.ts';
import { UnavailableError } from '../../../src/errors.ts';

const clock = { now: () => Date.now() };
const PATH = '/api/v1/pods';

interface Served {
  url: string;
  sockets: Set<Socket>;
}

async function serve(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<Served> {
  const server = createServer(handle);
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets };
}

function connect(access: ClusterAccess): ApiClient {
  const client = createApiClient('east', openCredentials('east', access, clock));
  onTestFinished(() => client[Symbol.asyncDispose]());
  return client;
}

const inline = (server: string): ClusterAccess => ({
  kind: 'inline',
  server,
  token: 's3cret',
  insecure: true,
});

async function kubeconfig(
  server: string,
  user: object,
): Promise<{ path: string; write(user: object): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-kubeconfig-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'config');
  const write = (is: object) =>
    writeFile(
      path,
      JSON.stringify({
        'current-context': 'main',
        contexts: [{ name: 'main', context: { cluster: 'c', user: 'u' } }],
        clusters: [{ name: 'c', cluster: { server, 'insecure-skip-tls-verify': true } }],
        users: [{ name: 'u', user: is }],
      }),
    );
  await write(user);
  return { path, write };
}

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('requests to an API server', () => {
  it('carry each impersonated group as a header of its own, the token, and the format of the body', async () => {
    let raw: string[] = [];
    const { url } = await serve((request, response) => {
      raw = request.rawHeaders;
      response.end('{}');
    });
    await connect(inline(url)).send({
      method: 'PATCH',
      path: PATH,
      body: { contentType: 'application/json-patch+json', json: [] },
      as: { user: 'slack:T1:U1', groups: ['signalbox:operators', 'release-managers'] },
      deadlineMs: 1_000,
    });
    const values = (name: string) => raw.filter((_, i) => i % 2 === 1 && raw[i - 1]?.toLowerCase() === name);
    expect(values('impersonate-user')).toEqual(['slack:T1:U1']);
    expect(values('impersonate-group')).toEqual(['signalbox:operators', 'release-managers']);
    expect(values('authorization')).toEqual(['Bearer s3cret']);
    expect(values('content-type')).toEqual(['application/json-patch+json']);
  });

  it('keep connections for the next ones', async () => {
    const { url, sockets } = await serve((_, response) => response.end('{}'));
    const client = connect(inline(url));
    for (let i = 0; i < 5; i += 1) await client.send({ method: 'GET', path: PATH, deadlineMs: 1_000 });
    // The pool may open a second one before it knows that the first is free again.
    expect(sockets.size).toBeLessThanOrEqual(2);
  });

  it('answer with every status, and with how long to wait', async () => {
    const { url } = await serve((_, response) =>
      response.writeHead(429, { 'retry-after': '7' }).end('slow down'),
    );
    const answer = await connect(inline(url)).send({ method: 'GET', path: PATH, deadlineMs: 1_000 });
    expect(answer).toMatchObject({ status: 429, body: 'slow down', retryAfterMs: 7_000 });
  });

  it('end at their deadline, ambiguous where something may have been done, and name no secret', async () => {
    const { url } = await serve(() => undefined);
    const client = connect(inline(url));
    const written = await failure(client.send({ method: 'PATCH', path: PATH, deadlineMs: 50 }));
    expect(written).toBeInstanceOf(UnavailableError);
    expect(written).toMatchObject({
      ambiguous: true,
      message: expect.stringContaining('cluster east: PATCH /api/v1/pods'),
    });
    expect(String(written)).not.toContain('s3cret');
    expect(await failure(client.send({ method: 'GET', path: PATH, deadlineMs: 50 }))).toMatchObject({
      ambiguous: false,
    });
  });

  it('end at their deadline also when the answer stops in the middle', async () => {
    const { url } = await serve((_, response) => response.write('{"half":'));
    const sent = connect(inline(url)).send({ method: 'PATCH', path: PATH, deadlineMs: 100 });
    expect(await failure(sent)).toMatchObject({ name: 'UnavailableError', ambiguous: true });
  });

  it('are ambiguous when the connection is cut and not when there never was one', async () => {
    const { url } = await serve((request) => request.socket.destroy());
    const cut = connect(inline(url)).send({ method: 'PATCH', path: PATH, deadlineMs: 1_000 });
    expect(await failure(cut)).toMatchObject({ name: 'UnavailableError', ambiguous: true });
    const nobody = connect(inline('http://127.0.0.1:1')).send({
      method: 'PATCH',
      path: PATH,
      deadlineMs: 1_000,
    });
    expect(await failure(nobody)).toMatchObject({ name: 'UnavailableError', ambiguous: false });
  });
});

describe('credentials', () => {
  const tokens = async () => {
    const seen: (string | undefined)[] = [];
    let accepted = 'old';
    const { url } = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(request.headers.authorization === `Bearer ${accepted}` ? 200 : 401).end('{}');
    });
    return { url, seen, accept: (token: string) => (accepted = token) };
  };
  const get = (client: ApiClient) => client.send({ method: 'GET', path: PATH, deadlineMs: 5_000 });

  it('are read again, once, when the server no longer takes them', async () => {
    const { url, seen, accept } = await tokens();
    const file = await kubeconfig(url, { token: 'old' });
    const client = connect({ kind: 'kubeconfig', path: file.path });
    expect((await get(client)).status).toBe(200);
    accept('new');
    await file.write({ token: 'new' });
    expect((await get(client)).status).toBe(200);
    accept('other');
    expect((await get(client)).status).toBe(401);
    expect(seen).toEqual(['old', 'old', 'new', 'new', 'new'].map((token) => `Bearer ${token}`));
  });

  it('are in a file beside the kubeconfig, which is read again when the token rotated', async () => {
    const { url, seen, accept } = await tokens();
    const file = await kubeconfig(url, { tokenFile: 'token' });
    const token = join(dirname(file.path), 'token');
    await writeFile(token, 'old\n');
    const client = connect({ kind: 'kubeconfig', path: file.path });
    expect((await get(client)).status).toBe(200);
    await writeFile(token, 'new\n');
    accept('new');
    expect((await get(client)).status).toBe(200);
    expect(seen).toEqual(['Bearer old', 'Bearer old', 'Bearer new']);
  });

  it('come from a credential plugin', async () => {
    const { url, accept } = await tokens();
    accept('from-plugin');
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 'from-plugin' },
    };
    const exec = {
      apiVersion: credential.apiVersion,
      command: process.execPath,
      args: ['-e', `process.stdout.write(${JSON.stringify(JSON.stringify(credential))})`],
    };
    const file = await kubeconfig(url, { exec });
    expect((await get(connect({ kind: 'kubeconfig', path: file.path }))).status).toBe(200);
  });

  it('fail as unavailable when the plugin fails', async () => {
    const file = await kubeconfig('http://127.0.0.1:1', { exec: { command: '/nowhere/plugin' } });
    expect(await failure(get(connect({ kind: 'kubeconfig', path: file.path })))).toMatchObject({
      name: 'UnavailableError',
      message: 'cluster east: no credentials',
    });
  });

  it('give the certificate authority of the settings to TLS', async () => {
    const access: ClusterAccess = { kind: 'inline', server: 'https://10.0.0.1:6443/', token: 't', ca: 'PEM' };
    const credentials = openCredentials('east', access, clock);
    expect(credentials.server).toBe('https://10.0.0.1:6443');
    expect((await credentials.present()).tls).toEqual({ ca: 'PEM' });
  });

  it('refuse plain http unless it is asked for, and a kubeconfig that is not there', () => {
    const plain: ClusterAccess = { kind: 'inline', server: 'http://10.0.0.1', token: 't' };
    expect(() => openCredentials('east', plain, clock)).toThrow(/cluster east: plain http/);
    const absent: ClusterAccess = { kind: 'kubeconfig', path: '/nowhere/config' };
    expect(() => openCredentials('east', absent, clock)).toThrow(/cluster east/);
  });

  it('asks on new connections once it has left those that it kept', async () => {
    const used: Socket[] = [];
    const { url } = await serve((request, response) => {
      used.push(request.socket);
      response.setHeader('content-type', 'application/json').end('{}');
    });
    const client = connect(inline(url));
    const ask = () => client.send({ method: 'GET', path: PATH, deadlineMs: 1_000 });
    for (let i = 0; i < 3; i += 1) await ask();
    expect(used.slice(0, 2)).toContain(used[2]);
    client.leaveConnections();
    client.leaveConnections();
    await ask();
    expect(used.slice(0, 3)).not.toContain(used[3]);
  });

  it('lets a stream go on when it leaves its connections', async () => {
    let write: ((text: string) => void) | undefined;
    const { url } = await serve((_, response) => {
      response.writeHead(200).flushHeaders();
      write = (text) => response.end(text);
    });
    const client = connect(inline(url));
    const { chunks } = await client.open({ method: 'GET', path: PATH, deadlineMs: 1_000 });
    client.leaveConnections();
    write?.('late');
    const read: string[] = [];
    for await (const chunk of chunks) read.push(Buffer.from(chunk).toString());
    expect(read.join('')).toBe('late');
  });
});
