import { z } from 'zod';
import type { ApiAnswer, ApiClient, ApiStream } from './api-client.ts';
import { saysOf } from './api-status.ts';
import { listPath, type ResourceKind } from './resources.ts';

/** The objects of one kind in one namespace (or everywhere), as the API server pages and streams them. */
export interface ListWatch {
  list(signal: AbortSignal): Promise<Listed>;
  watch(asked: { resourceVersion: string; seconds: number }, signal: AbortSignal): Promise<ApiStream>;
}

export type Listed =
  | { kind: 'listed'; items: unknown[]; resourceVersion: string }
  | { kind: 'refused'; status: number; says: string; retryAfterMs?: number };

/**
 * Objects on one page of a list. Source: client-go's pager asks for 500
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks)
 */
const PAGE = 500;

const ListBody = z.object({
  metadata: z.object({ resourceVersion: z.string().min(1), continue: z.string().nullish() }),
  items: z.array(z.unknown()).nullish(),
});

/** Lists and watches a kind; absent namespace: all of them. */
export function listWatch(
  client: Pick<ApiClient, 'send' | 'open'>,
  { kind, namespace, deadlineMs }: { kind: ResourceKind; namespace: string | undefined; deadlineMs: number },
): ListWatch {
  const path = listPath(kind, namespace);
  const selected = kind.labelSelector === undefined ? {} : { labelSelector: kind.labelSelector };
  return {
    list: async (signal) => {
      const items: unknown[] = [];
      let next: string | undefined;
      for (;;) {
        const query = { ...selected, limit: String(PAGE), ...(next && { continue: next }) };
        const answer = await client.send({ method: 'GET', path, query, deadlineMs, signal });
        if (answer.status !== 200) return refusal(answer);
        const { metadata, items: page } = ListBody.parse(answer.body);
        for (const item of page ?? []) items.push(item);
        if (!metadata.continue) return { kind: 'listed', items, resourceVersion: metadata.resourceVersion };
        next = metadata.continue;
      }
    },
    watch: ({ resourceVersion, seconds }, signal) =>
      client.open({
        method: 'GET',
        path,
        query: {
          ...selected,
          watch: 'true',
          allowWatchBookmarks: 'true',
          resourceVersion,
          timeoutSeconds: String(seconds),
        },
        deadlineMs,
        signal,
      }),
  };
}

function refusal(answer: ApiAnswer): Listed {
  const { status, retryAfterMs } = answer;
  return {
    kind: 'refused',
    status,
    says: saysOf(answer),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}
