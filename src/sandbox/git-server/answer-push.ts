import type { ServerResponse } from 'node:http';
import type { HostedRepository } from './hosted-repository.ts';
import { type BackendAnswer, send } from './http-backend.ts';
import { declineReport, readRefUpdates } from './pkt-line.ts';

/** One of the two requests of a push: the look at the branches (no body), or the update. */
export interface PushExchange {
  repository: HostedRepository;
  response: ServerResponse;
  body: Buffer;
  ask(): Promise<BackendAnswer>;
}

const HEADS = 'refs/heads/';
const RESULT = 'application/x-git-receive-pack-result';

/** Answers a push as Git does, or as a fault wants it. */
export async function answerPush({ repository, response, body, ask }: PushExchange): Promise<void> {
  const updates = readRefUpdates(body);
  const branches = updates.map(({ ref }) => ref.slice(HEADS.length));
  const fault = repository.takeFault(updates.length > 0 ? { moves: branches } : { looks: true });
  switch (fault?.kind) {
    case undefined:
      return send(response, await ask());
    case 'decline': {
      const headers = {
        'content-type': 'application/x-git-receive-pack-result',
        'cache-control': 'no-cache',
      };
      return send(response, { status: 200, headers, body: declineReport(updates, fault) });
    }
    case 'hang':
      return;
    case 'cut':
      if (fault.when === 'after') await ask();
      return breakOff(response);
    case 'race':
      await fault.land();
      return send(response, await ask());
    case 'status':
      response.writeHead(fault.status, { 'content-type': 'text/plain' }).end();
  }
}

/** In the middle of an answer: a connection that breaks before the first byte is tried again by libcurl, unseen by git. */
function breakOff(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': RESULT, 'content-length': '1000' });
  response.write('00', () => response.destroy());
}
