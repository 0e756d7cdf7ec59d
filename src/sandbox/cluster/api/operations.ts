import type { KubeObject } from '../rollout/objects.ts';
import { timestamp } from '../rollout/time.ts';
import {
  badRequest,
  type Failure,
  fail,
  methodNotAllowed,
  notFound,
  type Outcome,
  value,
} from './failure.ts';
import { type Continuations, listObjects, selection } from './list.ts';
import { readObject } from './object-body.ts';
import { checkAddress, createObject, deleteObject, type Part, updateObject } from './objects.ts';
import { patchObject } from './patch-object.ts';
import type { RequestInfo } from './request-info.ts';
import type { Resource } from './resources.ts';
import type { Store } from './store.ts';

/** A request whose maker may make it. */
export interface Operation {
  info: RequestInfo;
  resource: Resource;
  query: URLSearchParams;
  contentType: string;
  body: string;
}

/** What operations work on. */
export interface OperationContext {
  store: Store;
  continuations: Continuations;
  now: () => number;
}

/** An answer with its HTTP status. */
export interface Answer {
  code: number;
  body: unknown;
}

/** Does everything but watch. */
export function operate(context: OperationContext, operation: Operation): Outcome<Answer> {
  const { info, resource } = operation;
  if (info.subresource !== '' && !(info.subresource === 'status' && resource.hasStatus)) {
    return fail(notFoundPath());
  }
  switch (info.verb) {
    case 'get':
      return get(context, operation);
    case 'list':
      return answered(200, listObjects(context, resource, operation));
    case 'create':
      return create(context, operation);
    case 'update':
      return update(context, operation);
    case 'patch':
      return patch(context, operation);
    case 'delete':
      return remove(context, operation);
    case 'deletecollection':
      return removeAll(context, operation);
    default:
      return fail(methodNotAllowed());
  }
}

function notFoundPath(): Failure {
  return {
    code: 404,
    reason: 'NotFound',
    message: 'the server could not find the requested resource',
    details: {},
  };
}

function answered(code: number, outcome: Outcome<unknown>): Outcome<Answer> {
  return outcome.kind === 'failure' ? outcome : value({ code, body: outcome.value });
}

function namespaceOf({ info, resource }: Operation): string | undefined {
  return resource.namespaced ? info.namespace : undefined;
}

function stored({ store }: OperationContext, operation: Operation): Outcome<KubeObject> {
  const { resource, info } = operation;
  const found = store.get(resource, namespaceOf(operation), info.name);
  return found === undefined ? fail(notFound(resource, info.name)) : value(found);
}

function get(context: OperationContext, operation: Operation): Outcome<Answer> {
  return answered(200, stored(context, operation));
}

function readJson(operation: Operation): Outcome<KubeObject> {
  try {
    return readObject(JSON.parse(operation.body), operation.resource);
  } catch {
    return fail(badRequest('the object provided is unrecognized: invalid JSON'));
  }
}

function create({ store }: OperationContext, operation: Operation): Outcome<Answer> {
  const read = readJson(operation);
  if (read.kind === 'failure') return read;
  const namespace = namespaceOf(operation);
  const given = read.value.metadata.namespace;
  if (namespace !== undefined && given !== undefined && given !== namespace) {
    return fail(
      badRequest('the namespace of the provided object does not match the namespace sent on the request'),
    );
  }
  const object = { ...read.value, metadata: { ...read.value.metadata, namespace } };
  return answered(201, createObject(store, operation.resource, object));
}

function partOf({ info }: Operation): Part {
  return info.subresource === 'status' ? 'status' : 'main';
}

function update(context: OperationContext, operation: Operation): Outcome<Answer> {
  const read = readJson(operation);
  if (read.kind === 'failure') return read;
  const checked = checkAddress(operation.resource, read.value, operation.info);
  if (checked.kind === 'failure') return checked;
  const found = stored(context, operation);
  if (found.kind === 'failure') return found;
  const change = { stored: found.value, next: checked.value, part: partOf(operation) };
  return answered(200, updateObject(context.store, operation.resource, change));
}

function patch(context: OperationContext, operation: Operation): Outcome<Answer> {
  const { resource } = operation;
  const found = stored(context, operation);
  const patched = patchObject(resource, found.kind === 'value' ? found.value : empty(resource), operation);
  // A wrong content type is refused before the object is looked up, as the real server does.
  if (patched.kind === 'failure' && (found.kind === 'value' || patched.failure.code === 415)) return patched;
  if (found.kind === 'failure') return found;
  if (patched.kind === 'failure') return patched;
  const change = { stored: found.value, next: patched.value, part: partOf(operation) };
  return answered(200, updateObject(context.store, resource, change));
}

function empty(resource: Resource): KubeObject {
  return { apiVersion: '', kind: resource.kind, metadata: { name: '' } };
}

function remove(context: OperationContext, operation: Operation): Outcome<Answer> {
  const { resource, info } = operation;
  const deletionTimestamp = timestamp(context.now());
  const target = { namespace: namespaceOf(operation), name: info.name, deletionTimestamp };
  const removed = deleteObject(context.store, resource, target);
  if (removed.kind === 'failure') return removed;
  const { metadata } = removed.value;
  if (!resource.custom && metadata.deletionTimestamp !== undefined)
    return value({ code: 200, body: removed.value });
  const details = { name: info.name, group: resource.group, kind: resource.plural, uid: metadata.uid };
  return value({
    code: 200,
    body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details },
  });
}

function removeAll(context: OperationContext, operation: Operation): Outcome<Answer> {
  const { resource, query, info } = operation;
  const selected = selection(query, resource);
  if (selected.kind === 'failure') return selected;
  const namespace = info.namespace === '' ? undefined : info.namespace;
  const found = context.store.list(resource, namespace).filter(selected.value.matches);
  const deletionTimestamp = timestamp(context.now());
  for (const { metadata } of found) {
    deleteObject(context.store, resource, {
      namespace: metadata.namespace,
      name: metadata.name,
      deletionTimestamp,
    });
  }
  return answered(200, listObjects(context, resource, { info, query: new URLSearchParams() }));
}
