import { SYSTEM } from '../../domain/actor.ts';
import type { StreamId } from '../../domain/ids.ts';
import type { InstallationFactBody, NewFact } from '../../domain/ledger/fact.ts';
import type { RestoredUpTo } from '../../domain/ledger/restore.ts';
import { sealFacts } from '../../domain/ledger/write-facts.ts';
import { UnavailableError } from '../../errors.ts';
import type { Chance, Clock } from '../../ports/clock.ts';
import type { Leases } from '../../ports/lease.ts';
import type { Ledger } from '../../ports/ledger.ts';
import { append, appendArguments, appendKeys, type ScriptedAppend } from './append-script.ts';
import { ledgerKeys } from './keys.ts';
import { createLedger, type Incarnation, type Lost, parseIncarnation, spellIncarnation } from './ledger.ts';
import type { Store } from './store.ts';
import { BEGINNING, emptyFrom, extend } from './stream-cache.ts';

interface OpenOptions {
  store: Store;
  installation: string;
  clock: Clock;
  chance: Chance;
  leases: Leases;
  /** See `createLedger`. */
  onLost(lost: Lost): void;
  /**
   * Called when the store is empty, by one process at a time: fills it with what Git holds. Undefined when there is nothing to be
   * restored, which is right only for a new installation. What it throws stops the opening.
   */
  restore(): Promise<RestoredUpTo | undefined>;
}

/** Lease under which one process restores and opens, while the others wait for it. */
const OPENING_LEASE = 'open-ledger';

/** Pause between looks whether another process has finished opening. */
const LOOK_AGAIN_MS = 100;

/** A restore reads a whole history; whoever waits for another's gives up after so long and says so. */
const OPEN_DEADLINE_MS = 120_000;

/**
 * The ledger of an installation. Joins the incarnation that is open; opens the first one in an empty store, or a new one after
 * restoring, so that whatever still writes under an old one is refused. Throws `UnavailableError` when Redis is away.
 */
export async function openLedger(options: OpenOptions): Promise<Ledger> {
  const until = performance.now() + OPEN_DEADLINE_MS;
  while (performance.now() < until) {
    const present = await presentIncarnation(options);
    if (present) return createLedger({ ...options, incarnation: present });
    const taken = await options.leases.take(OPENING_LEASE);
    if (taken.kind === 'taken') {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      continue;
    }
    try {
      // Somebody may have finished between our look and our turn.
      if (!(await presentIncarnation(options))) await openIncarnation(options, await options.restore());
    } finally {
      await taken.held.release();
    }
  }
  throw new UnavailableError('Another process has been opening the ledger for two minutes.');
}

async function presentIncarnation({ store, installation }: OpenOptions): Promise<Incarnation | undefined> {
  const keys = ledgerKeys(installation);
  return parseIncarnation(
    (await store.run('look for the ledger', (redis) => redis.get(keys.incarnation))) ?? '',
  );
}

const INSTALLATION: StreamId = 'installation';

async function openIncarnation(options: OpenOptions, restored: RestoredUpTo | undefined): Promise<void> {
  const { store, installation, clock, chance } = options;
  const keys = ledgerKeys(installation);
  const lines = await store.run('read the installation', (redis) =>
    redis.lrange(keys.stream(INSTALLATION), 0, -1),
  );
  const { version, head } = extend(emptyFrom(BEGINNING), lines);
  const number = (restored?.incarnation ?? 0) + 1;
  const sealed = sealFacts({
    stream: INSTALLATION,
    version,
    head,
    facts: [openingFact(number, { restored, now: clock.now() })],
    now: clock.now(),
    incarnation: number,
    epochs: {},
    correlation: INSTALLATION,
    id: () => chance.id(),
  });
  const wanted: ScriptedAppend = {
    operation: chance.id(),
    incarnation: '',
    opensIncarnation: spellIncarnation({ number, fact: sealed[0]?.fact.id ?? '' }),
    writes: [{ stream: INSTALLATION, version, head, sealed }],
    fences: {},
    raises: {},
    opens: [],
    closes: [],
  };
  // Whatever it answers, the next look finds what was opened, by us or by somebody faster.
  await store.run('open the ledger', (redis) =>
    append(redis, appendKeys(keys, wanted), appendArguments(wanted)),
  );
}

function openingFact(
  incarnation: number,
  { restored, now }: { restored: RestoredUpTo | undefined; now: number },
): NewFact<InstallationFactBody> {
  const { upTo, lastFactAt } = restored ?? {};
  const from = upTo !== undefined && { restored: { upTo, ...(lastFactAt !== undefined && { lastFactAt }) } };
  return {
    kind: 'incarnation.opened',
    actor: SYSTEM,
    occurredAt: new Date(now).toISOString(),
    clock: 'signalbox',
    data: { incarnation, ...from },
  };
}
