import type { Actor } from '../domain/actor.ts';
import {
  type EnvironmentName,
  type ServiceName,
  type StreamId,
  type TrackId,
  trackId,
} from '../domain/ids.ts';
import type { FactBody, NewFact } from '../domain/ledger/fact.ts';
import { TerminalError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger, StreamView, Write } from '../ports/ledger.ts';

/** A decision as a fact of now, on our own clock. */
export function stamp<B extends FactBody>(
  clock: Clock,
  fact: B & { actor: Actor; cause?: string },
): NewFact<B> {
  return { ...fact, occurredAt: new Date(clock.now()).toISOString(), clock: 'signalbox' };
}

/** Facts for a stream on the condition that it is as it was read. */
export function writeTo(at: StreamView, facts: readonly NewFact[], correlation: string): Write {
  return { stream: at.stream, expectedVersion: at.version, expectedHead: at.head, facts, correlation };
}

/** Epochs by service as epochs by track. */
export function asTracks(
  environment: EnvironmentName,
  epochs: Record<ServiceName, number>,
): Record<TrackId, number> {
  return Object.fromEntries(
    Object.entries(epochs).map(([service, epoch]) => [trackId(environment, service), epoch]),
  );
}

/**
 * Appends facts that are true whatever was appended meanwhile, such as receipts. Throws `TerminalError` when the stream is
 * read-only.
 */
export async function recordAlways(
  ledger: Pick<Ledger, 'append'>,
  stream: StreamId,
  facts: readonly NewFact[],
  { recovery = false } = {},
): Promise<void> {
  const writes = [{ stream, facts, correlation: correlationOf(stream) }];
  const appended = await ledger.append({ writes, fences: {}, raises: {}, recovery });
  if (appended.kind === 'readOnly') throw new TerminalError(`${stream} is read-only: ${appended.reason}`);
}

/** The release or incident that a stream's facts belong with. */
export function correlationOf(stream: StreamId): string {
  return stream.slice(stream.indexOf(':') + 1);
}
