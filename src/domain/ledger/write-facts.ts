import { z } from 'zod';
import { TerminalError } from '../../errors.ts';
import type { StreamId, TrackId } from '../ids.ts';
import { redact } from '../text/redact.ts';
import { type SealedFact, sealFact } from './chain.ts';
import { FACT_SCHEMA_VERSION, FactEnvelope, factKinds, type NewFact } from './fact.ts';

/** Facts for the end of one stream, with all that a decision does not know about them. */
export interface Writing {
  stream: StreamId;
  /** Number of facts in the stream, and the hash of the last: 64 zeros when there is none. */
  version: number;
  head: string;
  facts: readonly NewFact[];
  /** Milliseconds since 1970. */
  now: number;
  incarnation: number;
  /** Epochs of the tracks they were decided under; a track that was never taken (0) says nothing and is left out. */
  epochs: Readonly<Record<TrackId, number>>;
  correlation: string;
  /** A fresh id for each fact. */
  id(): string;
}

/** A stream's kind: what stands before the colon. */
export function streamKind(stream: StreamId): keyof typeof factKinds {
  const [kind] = stream.split(':', 1);
  return kind as keyof typeof factKinds;
}

/**
 * Checks facts against their schemas, takes secrets out of what people and machines said in them, and chains them to the
 * stream's head. Throws `TerminalError` for a fact that this version would not read again.
 */
export function sealFacts(writing: Writing): SealedFact[] {
  const { stream, now, incarnation, correlation, id } = writing;
  const epochs = Object.fromEntries(Object.entries(writing.epochs).filter(([, epoch]) => epoch > 0));
  let head = writing.head;
  return writing.facts.map((fact, i) => {
    const { actor, occurredAt, clock, cause } = Stated.parse(fact);
    const sealed = sealFact({
      id: id(),
      stream,
      version: writing.version + i + 1,
      kind: fact.kind,
      schemaVersion: FACT_SCHEMA_VERSION,
      occurredAt,
      clock,
      recordedAt: new Date(now).toISOString(),
      actor,
      ...(cause !== undefined && { cause }),
      correlation,
      incarnation,
      epochs,
      data: withoutSecrets(checkedData(stream, fact)),
      prevHash: head,
    });
    head = sealed.fact.hash;
    return sealed;
  });
}

const Stated = FactEnvelope.pick({ actor: true, occurredAt: true, clock: true, cause: true });

/** The data as its schema has it: defaults filled in, nothing beside it. */
export function checkedData(stream: StreamId, fact: { kind: string; data?: unknown }): unknown {
  const schemas: Partial<Record<string, z.ZodType>> = factKinds[streamKind(stream)];
  const schema = schemas[fact.kind];
  if (schema === undefined) throw new TerminalError(`${stream} cannot hold a fact ${fact.kind}.`);
  const checked = schema.safeParse(fact.data);
  if (checked.success) return checked.data;
  throw new TerminalError(
    `A fact ${fact.kind} for ${stream} is not sound: ${z.prettifyError(checked.error)}`,
  );
}

/** Where words of people and of other programs stand in a fact. They are short, and no place for a token. */
const SPOKEN = new Set(['reason', 'says', 'title', 'disagreement']);

function withoutSecrets(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return SPOKEN.has(key) ? redact(value.toWellFormed()) : value;
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, key));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, withoutSecrets(inner, name)]),
  );
}
