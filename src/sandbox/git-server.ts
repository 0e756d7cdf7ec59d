import { timingSafeEqual } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answerPush } from './git-server/answer-push.ts';
import { type HostedRepository, hostRepository } from './git-server/hosted-repository.ts';
import { askBackend, send } from './git-server/http-backend.ts';

/** Somebody whom the server knows by a token, given as the password of basic authentication. */
export interface GitUser {
  name: string;
  token: string;
  may: 'read' | 'write';
}

/** One request, logged as it arrives. */
export interface LoggedGitRequest {
  user: string;
  method: string;
  /** Path and query. */
  path: string;
  /** Absent while there is no answer; 0 when it ended without one. */
  status?: number;
}

export interface GitServerOptions {
  users: readonly GitUser[];
  /** Where the repositories are kept; absent: in a folder that is removed at the end. */
  dir?: string;
  /** Absent: any free one. */
  port?: number;
  /** What the git program needs of its surroundings, `PATH` above all. */
  environment: Readonly<Record<string, string>>;
}

/** A Git server over smart HTTP, on loopback only. */
export interface GitServer extends AsyncDisposable {
  url: string;
  addressOf(repository: string): string;
  /** Makes a repository whose branch `main` holds these files; one that `dir` already holds is kept as it is. */
  createRepository(name: string, files: Readonly<Record<string, string>>): Promise<HostedRepository>;
  /** The last 10,000, oldest first. */
  requests: readonly LoggedGitRequest[];
  /** Refuses every connection, as if nothing listened, until it is called with false. */
  setDown(isDown: boolean): void;
}

/** Requests that are remembered: a sandbox may stay up for days. */
const MAX_LOGGED = 10_000;

/** Starts the server. Git's own program answers; only tokens, the log and the faults are ours. */
export async function startGitServer(options: GitServerOptions): Promise<GitServer> {
  const root = options.dir ?? (await mkdtemp(join(tmpdir(), 'signalbox-git-')));
  await mkdir(root, { recursive: true });
  const repositories = new Map<string, HostedRepository>();
  const requests: LoggedGitRequest[] = [];
  let isDown = false;
  const server = createServer(handler({ ...options, root, repositories, requests }));
  server.on('connection', (socket) => {
    if (isDown) socket.destroy();
  });
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve),
  );
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url: address,
    addressOf: (repository) => `${address}/${repository}.git`,
    async createRepository(name, files) {
      if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) throw new Error(`No name for a repository: ${name}`);
      const repository = await hostRepository(join(root, `${name}.git`), options.environment);
      repositories.set(name, repository);
      const isNew = (await repository.head('main')) === undefined;
      if (isNew) await repository.push({ branch: 'main', files, message: 'Begin' });
      return repository;
    },
    requests,
    setDown(down) {
      isDown = down;
      if (down) server.closeAllConnections();
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      if (options.dir === undefined) await rm(root, { recursive: true, force: true });
    },
  };
}

interface Hosting extends GitServerOptions {
  root: string;
  repositories: ReadonlyMap<string, HostedRepository>;
  requests: LoggedGitRequest[];
}

function handler({ users, requests, ...hosting }: Hosting): RequestListener {
  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const user = userOf(request, users);
    const path = url.pathname + url.search;
    const logged: LoggedGitRequest = { user: user?.name ?? '', method: request.method ?? '', path };
    requests.push(logged);
    if (requests.length > MAX_LOGGED) requests.shift();
    response.once('close', () => {
      logged.status = response.writableFinished ? response.statusCode : 0;
    });
    answer({ ...hosting, request, response, url, user }).catch(() => response.destroy());
  };
}

interface Exchange extends Pick<Hosting, 'root' | 'repositories' | 'environment'> {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  /** Absent without a token that is known. */
  user: GitUser | undefined;
}

/** Addresses of the smart protocol. Source: https://git-scm.com/docs/http-protocol */
const SERVICE = /^\/([a-z0-9-]+)\.git\/(info\/refs|git-upload-pack|git-receive-pack)$/;

async function answer({
  request,
  response,
  url,
  user,
  repositories,
  root,
  environment,
}: Exchange): Promise<void> {
  const body = await readBody(request);
  if (user === undefined) return refuse(response, 401);
  const [, name = '', service] = SERVICE.exec(url.pathname) ?? [];
  const repository = repositories.get(name);
  if (repository === undefined) return refuse(response, 404);
  const isPush = service === 'git-receive-pack' || url.searchParams.get('service') === 'git-receive-pack';
  if (isPush && user.may !== 'write') return refuse(response, 403);
  const ask = () => askBackend({ root, request, url, body, user: user.name, environment });
  if (isPush) await answerPush({ repository, response, body, ask });
  else send(response, await ask());
}

function refuse(response: ServerResponse, status: 401 | 403 | 404): void {
  const headers = {
    'content-type': 'text/plain',
    ...(status === 401 && { 'www-authenticate': 'Basic realm="git"' }),
  };
  response.writeHead(status, headers).end();
}

/** Basic authentication (RFC 7617): the token is the password, and the name is the user's own. */
function userOf(request: IncomingMessage, users: readonly GitUser[]): GitUser | undefined {
  const [scheme, encoded = ''] = (request.headers.authorization ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'basic') return undefined;
  const given = Buffer.from(encoded, 'base64').toString();
  return users.find(({ name, token }) => isSame(given, `${name}:${token}`));
}

function isSame(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces);
}
