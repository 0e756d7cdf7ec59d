import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { PersonId } from '../../domain/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Tokens } from '../../ports/tokens.ts';
import { keyPrefix } from './keys.ts';
import type { Store } from './store.ts';

/** `signalbox_<id>_<secret>`: the beginning lets scanners of repositories find one that was committed. */
const TOKEN = /^signalbox_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;

/** 256 bits: guessing is hopeless, so that one round of SHA-256 keeps it as well as a slow hash would. */
const SECRET_BYTES = 32;

const Kept = z.strictObject({ person: PersonId, hash: z.string(), expiresAt: z.number() });

/** Tokens in Redis, one for each person: its id comes from who they are, so that a new one replaces the old. */
export function createTokens({
  store,
  installation,
  clock,
}: {
  store: Store;
  installation: string;
  clock: Clock;
}): Tokens {
  const keyOf = (id: string) => `${keyPrefix(installation)}:token:${id}`;
  return {
    async issue(person, { lifetimeMs }) {
      const id = idOf(person);
      const secret = randomBytes(SECRET_BYTES).toString('base64url');
      const kept: z.infer<typeof Kept> = {
        person,
        hash: hashOf(secret),
        expiresAt: clock.now() + lifetimeMs,
      };
      await store.run('keep a token', (redis) =>
        redis.set(keyOf(id), JSON.stringify(kept), 'PX', Math.ceil(lifetimeMs)),
      );
      return `signalbox_${id}_${secret}`;
    },
    async holder(token) {
      const [, id = '', secret = ''] = TOKEN.exec(token) ?? [];
      if (id === '') return undefined;
      const json = await store.run('look up a token', (redis) => redis.get(keyOf(id)));
      const kept = json === null ? undefined : Kept.safeParse(JSON.parse(json)).data;
      if (kept === undefined || !isSame(hashOf(secret), kept.hash)) return undefined;
      const { person, expiresAt } = kept;
      return clock.now() < expiresAt ? { id, person, expiresAt } : undefined;
    },
    async revoke(person) {
      const gone = await store.run('revoke a token', (redis) => redis.del(keyOf(idOf(person))));
      return gone > 0;
    },
  };
}

function idOf(person: PersonId): string {
  return createHash('sha256').update(person).digest('hex').slice(0, 16);
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** In a time that does not tell how much of them agrees. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
