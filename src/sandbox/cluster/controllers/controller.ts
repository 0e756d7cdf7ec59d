import type { Failure } from '../api/failure.ts';
import { createObject, deleteObject, type Part, updateObject } from '../api/objects.ts';
import type { Resource } from '../api/resources.ts';
import type { Store } from '../api/store.ts';
import type { KubeObject, ObjectMeta } from '../rollout/objects.ts';
import { timestamp } from '../rollout/time.ts';
import type { Scheduler } from '../scheduler.ts';

/** What every controller works with. */
export interface ControllerContext {
  store: Store;
  scheduler: Scheduler;
  /** Milliseconds from a change to the look at it; real controllers take one or two. */
  reactionMs: number;
  /** Hears of work that failed. */
  failed: (what: string, error: unknown) => void;
}

/** A controller at work. */
export interface Controller {
  stop(): void;
}

/** `namespace/name`, as controllers name objects in their queues. */
export function keyOf({ namespace, name }: ObjectMeta): string {
  return `${namespace ?? ''}/${name}`;
}

/** The parts of a key. */
export function partsOf(key: string): { namespace: string; name: string } {
  const [namespace = '', name = ''] = key.split('/');
  return { namespace, name };
}

/** The key of an object's controller, where it is of this kind. */
export function controllerKey(object: KubeObject, kind: string): string | undefined {
  const owner = object.metadata.ownerReferences?.find((one) => one.controller === true && one.kind === kind);
  return owner === undefined ? undefined : `${object.metadata.namespace ?? ''}/${owner.name}`;
}

/** Whether an owner controls an object. */
export function isControlledBy(object: KubeObject, owner: KubeObject): boolean {
  const { uid } = owner.metadata;
  return object.metadata.ownerReferences?.some((one) => one.controller === true && one.uid === uid) === true;
}

/** A controller's create; a failure is a defect or a race, and makes the work fail. */
export function create(context: ControllerContext, resource: Resource, object: KubeObject): KubeObject {
  const made = createObject(context.store, resource, object);
  if (made.kind === 'failure') throw refused(made.failure);
  return made.value;
}

/** A controller's change of an object as it is now; does nothing when it is gone. */
export function change<T extends KubeObject>(
  context: ControllerContext,
  resource: Resource<T>,
  target: { namespace: string | undefined; name: string; part: Part; to: (stored: T) => T },
): void {
  const stored = context.store.get(resource, target.namespace, target.name);
  if (stored === undefined) return;
  const next = target.to(stored);
  if (next === stored) return;
  const written = updateObject(context.store, resource, { stored, next, part: target.part });
  if (written.kind === 'failure') throw refused(written.failure);
}

/** A controller's delete; does nothing when the object is gone. */
export function remove(
  context: ControllerContext,
  resource: Resource,
  target: { namespace: string | undefined; name: string },
): void {
  if (context.store.get(resource, target.namespace, target.name) === undefined) return;
  const deletionTimestamp = timestamp(context.scheduler.now());
  deleteObject(context.store, resource, { ...target, deletionTimestamp });
}

function refused(failure: Failure): Error {
  return new Error(failure.message);
}
