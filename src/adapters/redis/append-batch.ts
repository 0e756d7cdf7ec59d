import type { StreamId } from '../../domain/ids.ts';
import { lineOf, type SealedFact } from '../../domain/ledger/chain.ts';
import type { FactEnvelope } from '../../domain/ledger/fact.ts';
import { sealFacts } from '../../domain/ledger/write-facts.ts';
import { UnavailableError } from '../../errors.ts';
import type { Chance, Clock } from '../../ports/clock.ts';
import type { Appended, Batch, Known, Write } from '../../ports/ledger.ts';
import {
  append,
  appendArguments,
  appendKeys,
  readAppendReply,
  type ScriptedAppend,
} from './append-script.ts';
import type { LedgerKeys } from './keys.ts';
import { factsSince, type StreamReader } from './read-streams.ts';
import type { Store } from './store.ts';

/** What an append needs. */
export interface Appender {
  store: Store;
  keys: LedgerKeys;
  reader: StreamReader;
  /** The one this program writes under, and as the store spells it. */
  incarnation: { number: number; spelled: string };
  clock: Clock;
  chance: Chance;
  /** Throws when the incarnation found in the store is not ours. */
  checkIncarnation(present: string): void;
}

/** An append that finds the end of its streams by itself is overtaken only by other processes: more tries than they are. */
const MAX_TRIES = 50;

/** Seals a batch and sends it; again from the new end of its streams where it may stand anywhere. */
export async function appendBatch(appender: Appender, batch: Batch): Promise<Appended> {
  const operation = batch.operation ?? appender.chance.id();
  for (let tries = 1; ; tries++) {
    const prepared = await prepare(appender, batch);
    if (prepared.kind !== 'ready') return prepared;
    const appended = await send(appender, scripted(appender, { batch, operation, writes: prepared.writes }));
    // Nobody else knows an operation we made up, so whoever did it was we, in a try whose answer was lost.
    if (appended.kind === 'repeated' && batch.operation === undefined)
      return { ...appended, kind: 'appended' };
    if (appended.kind !== 'conflict' || isExpected(batch, appended.stream)) return appended;
    if (tries === MAX_TRIES) {
      throw new UnavailableError(`${appended.stream} is appended to faster than this fact gets in.`, {
        retryAfterMs: 200,
      });
    }
    await appender.reader.read(appended.stream);
  }
}

function isExpected(batch: Batch, stream: StreamId): boolean {
  return batch.writes.some((write) => write.stream === stream && write.expectedVersion !== undefined);
}

type Prepared =
  | { kind: 'ready'; writes: { write: Write; at: Known }[] }
  | Extract<Appended, { kind: 'conflict' | 'readOnly' }>;

/** Finds each write's place, and stops what cannot succeed. */
async function prepare({ reader }: Appender, batch: Batch): Promise<Prepared> {
  const writes = [];
  for (const write of batch.writes) {
    const { stream, expectedVersion, expectedHead } = write;
    const needed = expectedVersion ?? 1;
    const last = reader.lastRead(stream);
    const checked = needed === 0 || (last && last.version >= needed) ? last : await reader.read(stream);
    if (checked?.readOnly && !batch.recovery)
      return { kind: 'readOnly', stream, reason: checked.readOnly.reason };
    if (expectedVersion === undefined || expectedHead === undefined) {
      const { version, head } = checked ?? (await reader.read(stream));
      writes.push({ write, at: { version, head } });
      continue;
    }
    // Streams only grow. An operation may have been carried out all the same, and only the store knows that.
    const overtaken = checked !== undefined && checked.version > expectedVersion;
    if (overtaken && batch.operation === undefined) return { kind: 'conflict', stream };
    writes.push({ write, at: { version: expectedVersion, head: expectedHead } });
  }
  return { kind: 'ready', writes };
}

function scripted(
  { incarnation, clock, chance }: Appender,
  work: { batch: Batch; operation: string; writes: { write: Write; at: Known }[] },
): ScriptedAppend {
  const { fences, raises, opens = [], closes = [] } = work.batch;
  const sealed = (write: Write, at: Known): SealedFact[] =>
    sealFacts({
      ...at,
      stream: write.stream,
      facts: write.facts,
      now: clock.now(),
      incarnation: incarnation.number,
      epochs: { ...fences, ...raises },
      correlation: write.correlation,
      id: () => chance.id(),
    });
  return {
    operation: work.operation,
    incarnation: incarnation.spelled,
    opensIncarnation: '',
    writes: work.writes.map(({ write, at }) => ({ stream: write.stream, ...at, sealed: sealed(write, at) })),
    fences,
    raises,
    opens,
    closes,
  };
}

async function send(appender: Appender, wanted: ScriptedAppend): Promise<Appended> {
  const { store, keys } = appender;
  const names = wanted.writes.map(({ stream }) => stream).join(' and ');
  const reply = readAppendReply(
    await store.run(`append to ${names}`, (redis) =>
      append(redis, appendKeys(keys, wanted), appendArguments(wanted)),
    ),
  );
  switch (reply[0]) {
    case 'appended':
      return { kind: 'appended', facts: placed(appender, wanted, reply[1].first) };
    case 'repeated':
      return {
        kind: 'repeated',
        facts: await factsSince(store, keys, { seq: reply[1].first - 1, limit: reply[1].count }),
      };
    case 'conflict':
      return { kind: 'conflict', stream: reply[1] as StreamId };
    case 'fenced':
      return { kind: 'fenced', track: reply[1] as `${string}/${string}`, epoch: reply[2] };
    case 'incarnation':
      appender.checkIncarnation(reply[1]);
      throw new Error('The store refused the incarnation it holds.');
  }
}

/** The facts with the places that the store gave them. */
function placed({ reader }: Appender, wanted: ScriptedAppend, first: number): FactEnvelope[] {
  let seq = first;
  return wanted.writes.flatMap(({ stream, version, sealed }) => {
    const lines = sealed.map(({ fact, body }) => lineOf({ hash: fact.hash, body }, seq++));
    reader.appended(stream, version, lines);
    return lines.map((line) => JSON.parse(line) as FactEnvelope);
  });
}
