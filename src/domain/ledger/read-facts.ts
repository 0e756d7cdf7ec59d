import type { StreamId } from '../ids.ts';
import { FACT_SCHEMA_VERSION, type Fact, type FactEnvelope, factKinds } from './fact.ts';
import { streamKind } from './write-facts.ts';

/** Makes the data of one kind of fact, as version `from` wrote it, into what version `from + 1` writes. */
export interface Upcaster {
  kind: string;
  from: number;
  upcast(data: unknown): unknown;
}

/** Old facts are read for ever: a change of a fact's data adds a line here, and raises `FACT_SCHEMA_VERSION`. */
export const UPCASTERS: readonly Upcaster[] = [];

/** What a program can read: its own version of the schemas, and the way there from every older one. */
export interface Reading {
  version: number;
  upcasters: readonly Upcaster[];
}

const THIS_PROGRAM: Reading = { version: FACT_SCHEMA_VERSION, upcasters: UPCASTERS };

export type ReadFact =
  | { kind: 'known'; fact: Fact }
  /** Written by a newer program. `says` names what is not known. */
  | { kind: 'unknown'; says: string };

/**
 * A fact as this program knows it. Its data was checked when it was written and its chain when it was fetched, so only its
 * kind and version are looked at: folding ten thousand facts costs little more than parsing them.
 */
export function readFact(envelope: FactEnvelope, reading: Reading = THIS_PROGRAM): ReadFact {
  const { kind, schemaVersion, stream } = envelope;
  if (schemaVersion > reading.version) {
    return {
      kind: 'unknown',
      says: `${kind} was written in version ${schemaVersion}, this program reads ${reading.version}`,
    };
  }
  if (!isKnownKind(stream, kind))
    return { kind: 'unknown', says: `${kind} is not a fact this program knows` };
  if (schemaVersion === reading.version) return { kind: 'known', fact: envelope as Fact };
  return { kind: 'known', fact: upcast(envelope, reading) };
}

function isKnownKind(stream: StreamId, kind: string): boolean {
  return Object.hasOwn(factKinds[streamKind(stream)] ?? {}, kind);
}

function upcast(envelope: FactEnvelope, { version, upcasters }: Reading): Fact {
  let data = envelope.data;
  for (let from = envelope.schemaVersion; from < version; from++) {
    const step = upcasters.find((one) => one.kind === envelope.kind && one.from === from);
    if (step) data = step.upcast(data);
  }
  return { ...envelope, data } as Fact;
}

/** Names every kind of fact this program knows and the version it writes: what a folded state is only good together with. */
export function knownFacts(): string {
  return KNOWN_FACTS;
}

// Every reading of a long-lived stream asks for it, and it never changes while a program runs.
const KNOWN_FACTS = nameKnownFacts();

function nameKnownFacts(): string {
  const kinds = Object.entries(factKinds).flatMap(([stream, known]) =>
    Object.keys(known).map((kind) => `${stream}/${kind}`),
  );
  return `${FACT_SCHEMA_VERSION}:${kinds.sort().join(',')}`;
}
