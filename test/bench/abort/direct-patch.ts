import { createApiClient } from '../../../src/adapters/kubernetes/api-client.ts';
import { openCredentials } from '../../../src/adapters/kubernetes/credentials.ts';
import { PatchOrder } from './order.ts';

/** The anchor: one patch in a person's name by the program's own client, from a process that did so before. */
async function main(order: PatchOrder): Promise<void> {
  const { server, token, user, group, path } = order;
  const access = { kind: 'inline', server, token, insecure: true } as const;
  const client = createApiClient('bench', openCredentials('bench', access, { now: () => Date.now() }));
  let count = 0;
  const patch = async () => {
    count += 1;
    const json = { metadata: { annotations: { 'bench.signalbox/count': String(count) } } };
    const began = performance.now();
    const answer = await client.send({
      method: 'PATCH',
      path,
      body: { contentType: 'application/merge-patch+json', json },
      as: { user, groups: [group] },
      deadlineMs: 5_000,
    });
    if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    return performance.now() - began;
  };
  process.on('message', () => void patch().then((tookMs) => process.send?.({ tookMs })));
  process.send?.({ tookMs: await patch() });
}

process.once('message', (message) => void main(PatchOrder.parse(message)));
