import { describe, expect, it } from 'vitest';
import type { AcceptedRequest } from '../../src/domain/request.ts';
import { UnavailableError } from '../../src/errors.ts';
import { ANA, BEN, plainWorld } from './plain-world.ts';

const LIFETIME = { tokens: { lifetimeMs: 60_000 } };
const ISSUE = { kind: 'token', act: 'issue' } as const;
const REVOKE = { kind: 'token', act: 'revoke' } as const;

type World = Awaited<ReturnType<typeof plainWorld>>;

function tokenIn(world: World): string {
  const answer = JSON.stringify(world.workspace.told.at(-1)?.answer);
  return /signalbox_[0-9a-f]{16}_[A-Za-z0-9_-]{43}/.exec(answer)?.[0] ?? '';
}

describe('a personal token', () => {
  it('is told to the person who asks, replaces the one before and is theirs alone', async () => {
    const world = await plainWorld({ rules: LIFETIME });
    await world.ask(ANA, ISSUE);
    const first = tokenIn(world);
    await world.ask(BEN, ISSUE);
    const bens = tokenIn(world);
    await world.ask(ANA, ISSUE);
    const second = tokenIn(world);
    const { tokens } = world.ports;
    expect(await tokens.holder(first)).toBeUndefined();
    expect([await tokens.holder(second), await tokens.holder(bens)]).toMatchObject([
      { person: ANA },
      { person: BEN },
    ]);
  });

  it('is ended by its person', async () => {
    const world = await plainWorld({ rules: LIFETIME });
    await world.ask(ANA, ISSUE);
    const token = tokenIn(world);
    await world.ask(ANA, REVOKE);
    await world.ask(ANA, REVOKE);
    expect(await world.ports.tokens.holder(token)).toBeUndefined();
    expect(world.said().slice(1)).toEqual([expect.stringMatching(/revoked/), 'You had no token.']);
  });

  it('is not made where tokens are switched off', async () => {
    const world = await plainWorld();
    await world.ask(ANA, ISSUE);
    expect(world.said()).toEqual(['Tokens are switched off here.']);
    expect(tokenIn(world)).toBe('');
  });
});

describe('an answer that is to be fetched', () => {
  it('is there before its request is forgotten, and is kept again when keeping it failed', async () => {
    const world = await plainWorld();
    const accepted: AcceptedRequest = {
      id: 'http.1',
      receivedAt: '2026-11-20T10:00:00.000Z',
      principal: ANA,
      via: 'http',
      request: { kind: 'status' },
      replyTo: { kind: 'kept', id: 'http.1', person: ANA },
    };
    await world.ports.inbox.accept(accepted);
    const { chat } = world.ports;
    const kept: string[] = [];
    const failing = {
      ...world.ports,
      chat: { ...chat, reply: () => Promise.reject(new UnavailableError('away')) },
    };
    await expect(world.carryOut('http.1', failing)).rejects.toThrow(UnavailableError);
    expect(await world.ports.inbox.take('http.1')).toEqual(accepted);
    const working = {
      ...world.ports,
      chat: {
        ...chat,
        reply: async (address: AcceptedRequest['replyTo']) => {
          // As long as it is not kept, the request is there to be carried out again.
          expect(await world.ports.inbox.take('http.1')).toEqual(accepted);
          kept.push(address.kind);
        },
      },
    };
    await world.carryOut('http.1', working);
    expect(kept).toEqual(['kept']);
    expect(await world.ports.inbox.take('http.1')).toBeUndefined();
  });
});
