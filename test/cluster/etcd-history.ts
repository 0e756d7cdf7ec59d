import { z } from 'zod';
import { UnavailableError } from '../../src/errors.ts';

const RangeAnswer = z.object({ header: z.object({ revision: z.string() }) });

/**
 * Forgets every revision before the present one, as the API server itself does every five minutes: whoever continues a list from an older one is told 410.
 * Watches are served from the API server's own cache and notice only after it was restarted. Throws `UnavailableError` when etcd refuses.
 */
export async function compactEtcd(etcdUrl: string): Promise<void> {
  const nothing = Buffer.from('/signalbox-none').toString('base64');
  const { header } = RangeAnswer.parse(await post(`${etcdUrl}/v3/kv/range`, { key: nothing }));
  await post(`${etcdUrl}/v3/kv/compaction`, { revision: header.revision, physical: true });
}

/** etcd's JSON gateway: https://etcd.io/docs/v3.6/dev-guide/api_grpc_gateway/. */
async function post(url: string, body: object): Promise<unknown> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok)
    throw new UnavailableError(`etcd answered ${response.status} at ${url}: ${await response.text()}`);
  return response.json();
}
