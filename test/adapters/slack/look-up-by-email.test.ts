import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createClients } from '../../../src/adapters/slack/clients.ts';
import { createDirectory } from '../../../src/adapters/slack/directory.ts';
import { logLines } from './log-lines.ts';

/**
 * `users.lookupByEmail` as its reference tells it, with what was asked:
 * https://docs.slack.dev/reference/methods/users.lookupByEmail.
 */
async function openLookUp(known: Record<string, string>) {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const email = new URLSearchParams(await text(request)).get('email') ?? '';
    asked.push(email);
    const isMethod = request.method === 'POST' && request.url === '/api/users.lookupByEmail';
    const isAllowed = request.headers.authorization === 'Bearer xoxb-test';
    const user = known[email];
    const answer = !isMethod
      ? { ok: false, error: 'unknown_method' }
      : !isAllowed
        ? { ok: false, error: 'invalid_auth' }
        : user === undefined
          ? { ok: false, error: 'users_not_found' }
          : { ok: true, user: { id: user, name: 'x' } };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
  const { logger } = logLines();
  const directory = createDirectory({
    client: createClients({ botToken: 'xoxb-test', apiUrl }, logger).outbox,
    teamId: async () => 'T1',
    roles: new Map(),
    emails: new Map(),
    clock: { now: () => 0 },
    logger,
  });
  return {
    directory,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

describe('a person by an e-mail address that is not configured', () => {
  it('is asked of Slack, once for a while', async () => {
    await using world = await openLookUp({ 'dev@example.com': 'U7' });
    expect(await world.directory.byEmail('dev@example.com')).toBe('slack:T1:U7');
    expect(await world.directory.byEmail('nobody@example.com')).toBeUndefined();
    expect(await world.directory.byEmail('Dev@example.com')).toBe('slack:T1:U7');
    expect(await world.directory.byEmail('nobody@example.com')).toBeUndefined();
    expect(world.asked).toEqual(['dev@example.com', 'nobody@example.com']);
  });
});
