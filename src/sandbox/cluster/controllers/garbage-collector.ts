import { NAMESPACES, RESOURCES } from '../api/resources.ts';
import type { KubeObject } from '../rollout/objects.ts';
import { type Controller, type ControllerContext, remove } from './controller.ts';

/** Deletes what belongs to something that is gone: dependents of their owner, everything in a namespace. */
export function startGarbageCollector(context: ControllerContext): Controller {
  const unsubscribe = context.store.subscribe(({ type, resource, object }) => {
    if (type !== 'DELETED') return;
    const { uid, name, namespace } = object.metadata;
    const isOrphan =
      resource === NAMESPACES
        ? ({ metadata }: KubeObject) => metadata.namespace === name
        : ({ metadata }: KubeObject) => {
            const owners = metadata.ownerReferences ?? [];
            return owners.length > 0 && owners.every((owner) => owner.uid === uid);
          };
    context.scheduler.after(context.reactionMs, () => {
      const where = resource === NAMESPACES ? name : namespace;
      for (const one of RESOURCES.filter(({ namespaced }) => namespaced)) {
        for (const orphan of context.store.list(one, where).filter(isOrphan)) {
          remove(context, one, { namespace: orphan.metadata.namespace, name: orphan.metadata.name });
        }
      }
    });
  });
  return { stop: unsubscribe };
}
