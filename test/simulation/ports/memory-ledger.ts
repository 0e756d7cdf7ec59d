import { SYSTEM } from '../../../src/domain/actor.ts';
import type { StreamId, TrackId } from '../../../src/domain/ids.ts';
import { NO_HEAD } from '../../../src/domain/ledger/chain.ts';
import { FACT_SCHEMA_VERSION, type Fact, type FactEnvelope } from '../../../src/domain/ledger/fact.ts';
import { readFact } from '../../../src/domain/ledger/read-facts.ts';
import type { History } from '../../../src/domain/ledger/restore.ts';
import { sealFacts, type Writing } from '../../../src/domain/ledger/write-facts.ts';
import { TerminalError, UnavailableError } from '../../../src/errors.ts';
import type { Chance, Clock } from '../../../src/ports/clock.ts';
import type { Appended, Batch, Known, Ledger, StreamView, Write } from '../../../src/ports/ledger.ts';
import type { LedgerStore } from '../../../src/ports/ledger-store.ts';

/** What Redis holds of a ledger, in memory. Outlives the programs that a simulation crashes. */
export interface MemoryLedgerState {
  streams: Map<StreamId, FactEnvelope[]>;
  order: FactEnvelope[];
  epochs: Map<TrackId, number>;
  unfinished: Map<StreamId, number>;
  operations: Map<string, FactEnvelope[]>;
  /** 0: empty, nothing was ever opened. */
  incarnation: number;
}

export function emptyMemoryLedger(): MemoryLedgerState {
  return {
    streams: new Map(),
    order: [],
    epochs: new Map(),
    unfinished: new Map(),
    operations: new Map(),
    incarnation: 0,
  };
}

interface MemoryLedgerOptions {
  state: MemoryLedgerState;
  clock: Clock;
  chance: Chance;
  /**
   * `real`: facts are checked, chained and hashed as in production. `quick`: hashes are names, nothing is checked; thirty times
   * faster.
   */
  sealing: 'real' | 'quick';
}

/** The in-memory twin of the ledger. Opens an incarnation when the state has none. */
export function createMemoryLedger(options: MemoryLedgerOptions): Ledger {
  const { state, clock } = options;
  if (state.incarnation === 0) openIncarnation(options);
  const ours = state.incarnation;
  const check = () => {
    if (state.incarnation !== ours)
      throw new UnavailableError('The ledger is not the one this program opened.');
  };
  return {
    incarnation: () => ours,
    async read(stream, after) {
      check();
      return viewOf(state, stream, after);
    },
    async append(batch) {
      const { operation } = batch;
      const done = operation === undefined ? undefined : state.operations.get(operation);
      if (done) return { kind: 'repeated', facts: done };
      check();
      const no = refusal(state, batch);
      if (no) return no;
      const seal = options.sealing === 'real' ? sealedByRule : sealedQuickly;
      const facts = batch.writes.flatMap((write) =>
        seal({
          ...placeOf(state, write.stream),
          stream: write.stream,
          facts: write.facts,
          now: clock.now(),
          incarnation: ours,
          epochs: { ...batch.fences, ...batch.raises },
          correlation: write.correlation,
          id: () => options.chance.id(),
        }),
      );
      return { kind: 'appended', facts: apply(state, batch, facts) };
    },
    async unfinished() {
      check();
      return [...state.unfinished].sort(([, a], [, b]) => a - b).map(([stream]) => stream);
    },
    async recent(kind, limit) {
      const newest = new Map<StreamId, number>();
      for (const [stream, facts] of state.streams) {
        if (stream.startsWith(`${kind}:`)) newest.set(stream, facts.at(-1)?.seq ?? 0);
      }
      return [...newest]
        .sort(([, a], [, b]) => b - a)
        .slice(0, Math.max(0, limit))
        .map(([stream]) => stream);
    },
    async since(seq, limit) {
      return state.order.slice(seq, seq + Math.max(0, limit));
    },
  };
}

function openIncarnation({ state, clock, chance }: MemoryLedgerOptions): void {
  const last = state.order.at(-1);
  const number = (last?.incarnation ?? 0) + 1;
  const restored = last && { upTo: last.seq, lastFactAt: last.recordedAt };
  const now = clock.now();
  const facts = sealedByRule({
    ...placeOf(state, 'installation'),
    stream: 'installation',
    facts: [
      {
        kind: 'incarnation.opened',
        actor: SYSTEM,
        occurredAt: new Date(now).toISOString(),
        clock: 'signalbox',
        data: { incarnation: number, ...(restored && { restored }) },
      },
    ],
    now,
    incarnation: number,
    epochs: {},
    correlation: 'installation',
    id: () => chance.id(),
  });
  apply(state, { writes: [], fences: {}, raises: {} }, facts);
  state.incarnation = number;
}

function placeOf(state: MemoryLedgerState, stream: StreamId): Known {
  const last = state.streams.get(stream)?.at(-1);
  return last ? { version: last.version, head: last.hash } : { version: 0, head: NO_HEAD };
}

type Unplaced = Omit<FactEnvelope, 'seq'>;

function sealedByRule(writing: Writing): Unplaced[] {
  return sealFacts(writing).map(({ fact }) => structuredClone(fact));
}

function sealedQuickly(writing: Writing): Unplaced[] {
  const { stream, version, facts, now, incarnation, epochs, correlation, id } = writing;
  const recordedAt = new Date(now).toISOString();
  const hashAt = (at: number) => (at === 0 ? NO_HEAD : `${stream}@${at}`);
  return facts.map((fact, i) => ({
    ...fact,
    id: id(),
    stream,
    version: version + i + 1,
    schemaVersion: FACT_SCHEMA_VERSION,
    recordedAt,
    correlation,
    incarnation,
    epochs,
    prevHash: hashAt(version + i),
    hash: hashAt(version + i + 1),
  }));
}

function apply(state: MemoryLedgerState, batch: Batch, unplaced: readonly Unplaced[]): FactEnvelope[] {
  const facts = unplaced.map((fact, i) => ({ ...fact, seq: state.order.length + i + 1 }));
  for (const fact of facts) {
    const stream = state.streams.get(fact.stream);
    if (stream) stream.push(fact);
    else state.streams.set(fact.stream, [fact]);
  }
  state.order.push(...facts);
  for (const [track, epoch] of Object.entries(batch.raises)) state.epochs.set(track as TrackId, epoch);
  for (const stream of batch.opens ?? []) {
    if (!state.unfinished.has(stream)) state.unfinished.set(stream, state.order.length);
  }
  for (const stream of batch.closes ?? []) state.unfinished.delete(stream);
  if (batch.operation !== undefined) state.operations.set(batch.operation, facts);
  return facts;
}

/** Why an append cannot be carried out; absent when it can. */
function refusal(state: MemoryLedgerState, batch: Batch): Appended | undefined {
  for (const { stream } of batch.writes) {
    const { readOnly } = viewOf(state, stream);
    if (readOnly && !batch.recovery) return { kind: 'readOnly', stream, reason: readOnly.reason };
  }
  const conflict = batch.writes.find((write) => isOvertaken(state, write));
  if (conflict) return { kind: 'conflict', stream: conflict.stream };
  for (const [track, epoch] of Object.entries(batch.fences) as [TrackId, number][]) {
    const present = state.epochs.get(track) ?? 0;
    if (present !== epoch) return { kind: 'fenced', track, epoch: present };
  }
  for (const [track, epoch] of Object.entries(batch.raises) as [TrackId, number][]) {
    const present = state.epochs.get(track) ?? 0;
    if (present >= epoch) return { kind: 'fenced', track, epoch: present };
  }
  return undefined;
}

function isOvertaken(state: MemoryLedgerState, { stream, expectedVersion, expectedHead }: Write): boolean {
  if (expectedVersion === undefined) return false;
  const { version, head } = placeOf(state, stream);
  return version !== expectedVersion || head !== expectedHead;
}

function viewOf(state: MemoryLedgerState, stream: StreamId, after?: Known): StreamView {
  const all = state.streams.get(stream) ?? [];
  const { facts, reason } = readingOf(all);
  const view = { stream, ...placeOf(state, stream), ...(reason !== undefined && { readOnly: { reason } }) };
  if (after && after.version > 0 && all[after.version - 1]?.hash === after.head) {
    return { ...view, after: after.version, facts: facts.filter((fact) => fact.version > after.version) };
  }
  return { ...view, facts: [...facts] };
}

/** What was read of a stream so far. */
interface StreamReading {
  /** How many of its facts were looked at. */
  count: number;
  facts: Fact[];
  /** Why not all are known; absent when they are. */
  reason?: string;
}

// Facts are appended and never edited: each is read once, however often its stream is.
const readings = new WeakMap<readonly FactEnvelope[], StreamReading>();

function readingOf(all: readonly FactEnvelope[]): StreamReading {
  const reading: StreamReading = readings.get(all) ?? { count: 0, facts: [] };
  readings.set(all, reading);
  for (const envelope of all.slice(reading.count)) {
    const read = readFact(envelope);
    if (read.kind === 'known') reading.facts.push(read.fact);
    else reading.reason ??= read.says;
  }
  reading.count = all.length;
  return reading;
}

/** The in-memory twin of the store under the ledger. */
export function createMemoryLedgerStore(state: MemoryLedgerState): LedgerStore {
  return {
    isEmpty: async () => state.incarnation === 0,
    async fill({ facts, epochs, open }: History) {
      if (state.incarnation !== 0)
        throw new TerminalError('The store holds a ledger already: nothing was restored over it.');
      state.order = [...facts];
      state.streams = Map.groupBy(facts, (fact) => fact.stream);
      state.epochs = new Map(Object.entries(epochs) as [TrackId, number][]);
      state.unfinished = new Map(open.map(({ stream, since }) => [stream, since]));
    },
  };
}
