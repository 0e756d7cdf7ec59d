import { createHmac, randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { type Belfry, openBelfry } from '../adapters/bullmq/belfry.ts';
import { findOrStartRedis } from '../adapters/programs/find-or-start-redis.ts';
import { createAlarms } from '../adapters/redis/alarms.ts';
import { createAnswers } from '../adapters/redis/answers.ts';
import { createButtonStore } from '../adapters/redis/button-store.ts';
import { checkRedis, type RedisStanding } from '../adapters/redis/check-redis.ts';
import { createInbox } from '../adapters/redis/inbox.ts';
import { createLeases } from '../adapters/redis/leases.ts';
import type { Lost } from '../adapters/redis/ledger.ts';
import { createLedgerStore } from '../adapters/redis/ledger-store.ts';
import { openLedger } from '../adapters/redis/open-ledger.ts';
import { createQuota } from '../adapters/redis/quota.ts';
import { createScratch } from '../adapters/redis/scratch.ts';
import { createSeen } from '../adapters/redis/seen.ts';
import { createSnapshots } from '../adapters/redis/snapshots.ts';
import { connectStore, type Store } from '../adapters/redis/store.ts';
import { createTexts } from '../adapters/redis/texts.ts';
import { createTokens } from '../adapters/redis/tokens.ts';
import type { Config } from '../config/schema.ts';
import type { Secrets } from '../config/secrets.ts';
import { publicSegmentKey, segmentVerifier } from '../domain/ledger/segment-key.ts';
import { restoreLedger } from '../jobs/restore-ledger.ts';
import type { Answers } from '../ports/answers.ts';
import type { ButtonStore } from '../ports/button-store.ts';
import type { Chance, Clock } from '../ports/clock.ts';
import type { Git } from '../ports/git.ts';
import type { Leases } from '../ports/lease.ts';
import type { Patience } from '../ports/patience.ts';
import type { Ports } from '../ports/ports.ts';
import type { Quota } from '../ports/quota.ts';
import type { Seen } from '../ports/seen.ts';

/** Everything that Redis keeps for us. */
export interface Stores
  extends Pick<Ports, 'ledger' | 'inbox' | 'texts' | 'scratch' | 'snapshots' | 'tokens'> {
  answers: Answers;
  quota: Quota;
  leases: Leases;
  seen: Seen;
  buttons: ButtonStore;
  belfry: Belfry;
  store: Store;
  /** What a Redis that somebody else runs may lose; absent for our own. */
  standing: RedisStanding | undefined;
}

/** Redis itself, before anything is read from it. */
export interface OpenRedis {
  url: string;
  store: Store;
  leases: Leases;
  standing: RedisStanding | undefined;
  close(): Promise<void>;
}

/** Finds or starts Redis, and looks whether it may be trusted. Throws `TerminalError` with the one thing to do. */
export async function openRedis({
  config,
  secrets,
  log,
}: {
  config: Config;
  secrets: Secrets;
  log: Logger;
}): Promise<OpenRedis> {
  const redis = await findOrStartRedis({
    ...given(secrets.find('REDIS_URL')?.reveal()),
    dataDirectory: config.dataDir,
    cacheDirectory: join(homedir(), '.cache', 'signalbox', 'programs'),
    path: process.env['PATH'] ?? '',
  });
  const store = connectStore(redis.url, log);
  const standing = redis.how === 'given' ? await checkRedis(store) : undefined;
  return {
    url: redis.url,
    store,
    leases: createLeases({ store, installation: config.installation, chance: systemChance }),
    standing,
    async close() {
      await store.close();
      await redis.stop();
    },
  };
}

function given(url: string | undefined): { url?: string } {
  return url === undefined ? {} : { url };
}

/** Opens the ledger (restoring it from Git into an empty Redis) and everything beside it. */
export async function openStores(
  redis: OpenRedis,
  parts: {
    config: Config;
    secrets: Secrets;
    log: Logger;
    git: Git;
    clock: Clock;
    chance: Chance;
    onLost(lost: Lost): void;
  },
): Promise<Stores> {
  const { config, secrets, log, git, clock, chance } = parts;
  const { installation } = config;
  const { store, leases } = redis;
  const key = secrets.find('SIGNALBOX_LEDGER_KEY')?.reveal() ?? '';
  const at = { store, installation, chance };
  const restore = () =>
    restoreLedger(
      { git, store: createLedgerStore(store, installation) },
      {
        installation,
        repository: config.ledger.repository,
        branch: config.ledger.branch,
        verifier: segmentVerifier([publicSegmentKey(key), ...config.ledger.formerKeys]),
      },
    );
  const ledger = await openLedger({ ...at, clock, chance, leases, onLost: parts.onLost, restore });
  return {
    ledger,
    inbox: createInbox(at),
    texts: createTexts({ ...at, retentionMs: config.incidents.retentionMs }),
    scratch: createScratch(at),
    snapshots: createSnapshots(at),
    tokens: createTokens({ ...at, clock }),
    answers: createAnswers(at),
    quota: createQuota(at),
    leases,
    seen: createSeen(at),
    // One secret is enough for both: the derived one tells nothing about the key it comes from.
    buttons: createButtonStore({ ...at, secret: createHmac('sha256', key).update('buttons').digest('hex') }),
    belfry: openBelfry({ url: redis.url, installation, alarms: createAlarms(at), leases, log }),
    store,
    standing: redis.standing,
  };
}

/** The machine's own timers. */
export const systemPatience: Patience = {
  async within(ms, work) {
    const late = Promise.withResolvers<{ kind: 'late' }>();
    const timer = setTimeout(() => late.resolve({ kind: 'late' }), ms);
    try {
      return await Promise.race([work.then((value) => ({ kind: 'done' as const, value })), late.promise]);
    } finally {
      clearTimeout(timer);
    }
  },
};

export const systemClock: Clock = { now: () => Date.now() };
export const systemChance: Chance = { id: () => randomUUID() };
