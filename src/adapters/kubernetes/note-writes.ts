import { z } from 'zod';
import type { KubernetesWrite } from '../../domain/effect.ts';
import type { ClusterDone } from '../../ports/cluster.ts';
import type { ApiAnswer, ApiClient, ApiRequest } from './api-client.ts';

/** A client that notes what it writes. */
export interface NotingClient {
  client: Pick<ApiClient, 'send'>;
  /** Everything that was answered so far, in order. */
  written: readonly KubernetesWrite[];
}

const Written = z.object({ metadata: z.object({ resourceVersion: z.string() }) });

/** Notes every request to write that the server answers: its audit log and our receipts shall say the same. */
export function noteWrites(client: Pick<ApiClient, 'send'>, cluster: string): NotingClient {
  const written: KubernetesWrite[] = [];
  return {
    written,
    client: {
      send: async (asked) => {
        const answer = await client.send(asked);
        if (asked.method === 'PATCH') written.push(writeOf(cluster, asked, answer));
        return answer;
      },
    },
  };
}

function writeOf(cluster: string, { path, as }: ApiRequest, { status, body }: ApiAnswer): KubernetesWrite {
  const [, namespace = '', plural = '', name = '', subresource] =
    /\/namespaces\/([^/]+)\/([^/]+)\/([^/]+)(?:\/([^/]+))?$/.exec(path) ?? [];
  const resourceVersion = Written.safeParse(body).data?.metadata.resourceVersion;
  return {
    verb: 'patch',
    object: [cluster, ...[namespace, plural, name].map(decodeURIComponent)].join('/'),
    ...(subresource !== undefined && { subresource }),
    user: as?.user ?? '',
    groups: as?.groups ?? [],
    status,
    ...(status < 300 && resourceVersion !== undefined && { resourceVersion }),
  };
}

/**
 * The same end; its receipt names the write that it came from as the server saw it, and the other writes beside it. What the server
 * would not take was asked of it all the same.
 */
export function withWrites(
  done: ClusterDone,
  { written, at }: { written: readonly KubernetesWrite[]; at: string },
): ClusterDone {
  if (done.receipt === undefined) {
    const kubernetes = written.at(-1);
    if (kubernetes === undefined) return done;
    const others = written.slice(0, -1);
    return {
      ...done,
      receipt: { at, how: 'done', kubernetes, ...(others.length > 0 && { alsoWrote: others }) },
    };
  }
  const { receipt } = done;
  const { status, resourceVersion } = receipt.kubernetes ?? {};
  const from =
    receipt.how === 'found'
      ? -1
      : written.findLastIndex((one) => one.status === status && one.resourceVersion === resourceVersion);
  const others = written.filter((_, index) => index !== from);
  const kubernetes = written[from] ?? receipt.kubernetes;
  return {
    ...done,
    receipt: {
      ...receipt,
      ...(kubernetes && { kubernetes }),
      ...(others.length > 0 && { alsoWrote: others }),
    },
  };
}
