import { createServer, type IncomingMessage, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerPush } from '../../../src/sandbox/git-server/answer-push.ts';
import type { HostedRepository } from '../../../src/sandbox/git-server/hosted-repository.ts';
import { type BackendAnswer, send as sendAnswer } from '../../../src/sandbox/git-server/http-backend.ts';

/** Stands between a Git client and a server, and makes the trouble that a repository is told to have. */
export interface FaultProxy extends AsyncDisposable {
  url: string;
  /** Refuses every connection until it is called with false. */
  setDown(isDown: boolean): void;
}

/** Passes everything on to `target`; pushes as `answerPush` does, with the repository's faults. */
export async function startFaultProxy(target: string, repository: HostedRepository): Promise<FaultProxy> {
  let isDown = false;
  const server = createServer(async (request, response) => {
    try {
      const body = await readBody(request);
      const ask = () => passOn(target, { request, body });
      const isPush = /git-receive-pack/.test(request.url ?? '');
      // A client that is not known yet is none whose push could fail: git tries without its credential first.
      if (isPush && request.headers.authorization) await answerPush({ repository, response, body, ask });
      else sendAnswer(response, await ask());
    } catch {
      response.destroy();
    }
  });
  server.on('connection', (socket) => {
    if (isDown) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setDown(down) {
      isDown = down;
      if (down) server.closeAllConnections();
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function passOn(
  target: string,
  { request, body }: { request: IncomingMessage; body: Buffer },
): Promise<BackendAnswer> {
  const { host: _, connection: __, 'transfer-encoding': ___, ...headers } = request.headers;
  return new Promise((resolve, reject) => {
    const passed = send(
      new URL(request.url ?? '/', target),
      { method: request.method, headers: { ...headers, 'content-length': body.length } },
      async (answer) => {
        const told = { ...answer.headers };
        delete told['transfer-encoding'];
        delete told.connection;
        resolve({
          status: answer.statusCode ?? 500,
          headers: told as Record<string, string>,
          body: await readBody(answer),
        });
      },
    );
    passed.once('error', reject);
    passed.end(body);
  });
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece);
  return Buffer.concat(pieces);
}
