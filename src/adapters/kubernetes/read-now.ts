import { z } from 'zod';
import type { RolloutObserved } from '../../domain/rollout/rollout-view.ts';
import { UnavailableError } from '../../errors.ts';
import type { ApiAnswer, ApiClient } from './api-client.ts';
import { saysOf } from './api-status.ts';
import { readObject } from './read-object.ts';
import { listPath, objectPath, type ResourceKind } from './resources.ts';

/** Milliseconds a direct read may take: somebody waits for it. */
const READ_MS = 5_000;

/** Why something could not be read: it is not there, or we cannot tell. */
export type NotRead = Exclude<RolloutObserved, { kind: 'seen' }>;

export type ReadNow = { kind: 'answered'; body: unknown } | NotRead;

/** Reads one object as it is now. Never throws: what cannot be reached is unknown. */
export function readObjectNow(
  client: Pick<ApiClient, 'send'>,
  { kind, namespace, name }: { kind: ResourceKind; namespace: string; name: string },
): Promise<ReadNow> {
  return get(client, objectPath(kind, { namespace, name }));
}

/** An empty list is null in the JSON of some servers. */
const Items = z.object({ items: z.array(z.unknown()).nullish() });

/** Reads the objects of a namespace that carry these labels. One that cannot be read makes all of them unknown. */
export async function readListNow<S extends z.ZodType>(
  client: Pick<ApiClient, 'send'>,
  asked: { kind: ResourceKind; namespace: string; labelSelector: string; schema: S },
): Promise<{ kind: 'listed'; items: z.infer<S>[] } | NotRead> {
  const { kind, namespace, labelSelector, schema } = asked;
  const answer = await get(client, listPath(kind, namespace), { labelSelector });
  if (answer.kind !== 'answered') return answer;
  const listed = Items.safeParse(answer.body);
  if (!listed.success)
    return unknown(`the ${kind.plural} in ${namespace} were answered with what is no list`);
  const items: z.infer<S>[] = [];
  for (const item of listed.data.items ?? []) {
    const read = readObject(schema, item);
    if (read.kind === 'unreadable') {
      return unknown(`the ${kind.plural} in ${namespace} hold what cannot be read: ${read.reason}`);
    }
    items.push(read.value);
  }
  return { kind: 'listed', items };
}

export function unknown(reason: string): { kind: 'unknown'; reason: string } {
  return { kind: 'unknown', reason };
}

async function get(
  client: Pick<ApiClient, 'send'>,
  path: string,
  query?: Record<string, string>,
): Promise<ReadNow> {
  let answer: ApiAnswer;
  try {
    answer = await client.send({ method: 'GET', path, deadlineMs: READ_MS, ...(query && { query }) });
  } catch (error) {
    if (error instanceof UnavailableError) return unknown(error.message);
    throw error;
  }
  if (answer.status === 200) return { kind: 'answered', body: answer.body };
  return answer.status === 404 ? { kind: 'missing' } : unknown(saysOf(answer));
}
