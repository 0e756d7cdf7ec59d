import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Clock } from '../../ports/clock.ts';
import type { ApiClient } from './api-client.ts';
import { listWatch } from './list-watch.ts';
import type { Change } from './object-store.ts';
import { readObject } from './read-object.ts';
import { type Reflector, type ReflectorHealth, startReflector } from './reflector.ts';
import type { ReflectorTiming } from './reflector-timing.ts';
import type { ResourceKind } from './resources.ts';

/** What every watch of a cluster shares. */
export interface WatchContext {
  client: Pick<ApiClient, 'send' | 'open' | 'leaveConnections'>;
  timing: ReflectorTiming;
  clock: Clock;
  /** From 0 to 1. */
  random(): number;
  log: Pick<Logger, 'debug' | 'warn' | 'error'>;
  /** Told when a list or watch breaks off; absent: nobody is. */
  onFailed?: () => void;
}

/** Where objects are looked for; absent namespace: everywhere. */
export interface WatchedPlace<S extends z.ZodType> {
  kind: ResourceKind;
  namespace: string | undefined;
  schema: S;
  onChange(change: Change<z.infer<S>>): void;
  onListed(): void;
}

/** Starts a reflector of one kind in one place, reduced by its schema. */
export function startWatch<S extends z.ZodType>(context: WatchContext, place: WatchedPlace<S>): Reflector {
  const { kind, namespace, schema, onChange, onListed } = place;
  const { client, timing } = context;
  return startReflector<z.infer<S>>({
    ...context,
    name: `${kind.plural} in ${namespace ?? 'all namespaces'}`,
    source: listWatch(client, { kind, namespace, deadlineMs: timing.deadlineMs }),
    read: (object) => readObject(schema, object),
    onChange,
    onListed,
  });
}

/** Observations older than this, in milliseconds, say nothing any more: forward work must not conclude from them. */
export const STALE_MS = 60_000;

/** Why nothing can be concluded from a reflector's objects now; absent when something can. */
export function doubt({ name, listed, staleMs, trouble }: ReflectorHealth): string | undefined {
  const because = trouble === undefined ? '' : `: ${trouble}`;
  if (!listed) return `the ${name} are not known yet${because}`;
  if (staleMs <= STALE_MS) return undefined;
  return `nothing was heard of the ${name} for ${Math.round(staleMs / 1000)} s${because}`;
}
