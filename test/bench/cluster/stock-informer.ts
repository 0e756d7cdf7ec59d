import { setTimeout } from 'node:timers/promises';
import { CustomObjectsApi, KubeConfig, makeInformer } from '@kubernetes/client-node';
import { InformerOrder } from './informer-order.ts';

/** The anchor: the official client's own informer on the Rollouts of a namespace, in a process that does nothing else. */
async function main({ kubeconfigFile, namespace, count, settleMs }: InformerOrder): Promise<void> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfigFile);
  const client = config.makeApiClient(CustomObjectsApi);
  await setTimeout(settleMs);
  const idleBytes = process.memoryUsage.rss();
  const place = { group: 'argoproj.io', version: 'v1alpha1', plural: 'rollouts', namespace };
  const path = `/apis/${place.group}/${place.version}/namespaces/${namespace}/${place.plural}`;
  const informer = makeInformer(config, path, () => client.listNamespacedCustomObject(place));
  informer.on('error', (error) => {
    throw error;
  });
  await informer.start();
  while (informer.list().length < count) await setTimeout(50);
  await setTimeout(settleMs);
  process.send?.({ idleBytes, watchingBytes: process.memoryUsage.rss() });
}

process.once('message', (message) => void main(InformerOrder.parse(message)));
