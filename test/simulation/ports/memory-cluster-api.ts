import { z } from 'zod';
import type { ApiAnswer, ApiClient, ApiRequest } from '../../../src/adapters/kubernetes/api-client.ts';
import { applyJsonPatch, PatchOperation } from '../../../src/sandbox/cluster/api/json-patch.ts';
import { sameJson } from '../../../src/sandbox/cluster/rollout/merge-patch.ts';
import type { Rollout } from '../../../src/sandbox/cluster/rollout/rollout-object.ts';
import type { MemoryRollout } from './memory-rollout.ts';

/** An Application of Argo CD in memory. */
export interface MemoryApplication {
  sync: string;
  health: string;
  revision: string;
  message?: string;
}

/** A write to a Rollout that was carried out. */
export interface MemoryWrite {
  part: 'spec' | 'status';
  /** Whether anything is different now. */
  isEffective: boolean;
}

/** One cluster's objects, and who may write them. */
export interface MemoryObjects {
  /** By `<namespace>/<name>`. */
  rollouts: ReadonlyMap<string, MemoryRollout>;
  applications: ReadonlyMap<string, MemoryApplication>;
  /** Whether RBAC lets this user write. */
  mayWrite(user: string): boolean;
  /** A Rollout was written to. */
  onWritten(key: string, written: MemoryWrite): void;
  /** Somebody asked Argo CD to look at Git now. */
  onRefresh(key: string): void;
}

const PATH = /^\/(?:api|apis\/[^/]+)\/[^/]+\/namespaces\/([^/]+)\/([^/]+)(?:\/([^/]+))?(?:\/(status))?$/;

/**
 * An API server in memory, as far as the adapter's looks and writes go, so that the simulation runs the very code that
 * decides and writes in production. Patches are applied by the sandbox's own implementation of JSON Patch.
 */
export function createMemoryApi(objects: MemoryObjects): Pick<ApiClient, 'send'> {
  return {
    send: async (request) => {
      const [, namespace = '', plural = '', name = '', part] = PATH.exec(request.path) ?? [];
      const key = `${namespace}/${name}`;
      if (request.method === 'PATCH' && !objects.mayWrite(request.as?.user ?? '')) {
        return failure(
          403,
          `${plural} "${name}" is forbidden: User "${request.as?.user}" cannot patch resource`,
        );
      }
      if (plural === 'rollouts') {
        const onWritten = (written: MemoryWrite): void => objects.onWritten(key, written);
        return onRollout(objects.rollouts.get(key), { request, part, onWritten });
      }
      if (plural === 'applications') return onApplication(objects, { request, key });
      const owned = [...objects.rollouts]
        .filter(([each]) => each.startsWith(`${namespace}/`))
        .map(([, one]) => one);
      return answerOwned(owned, { plural, name });
    },
  };
}

function onRollout(
  found: MemoryRollout | undefined,
  on: { request: ApiRequest; part: string | undefined; onWritten: (written: MemoryWrite) => void },
): ApiAnswer {
  const { request, part, onWritten } = on;
  if (found === undefined) return failure(404, 'rollouts.argoproj.io not found');
  if (request.method === 'GET') return ok(found.rollout());
  const before = found.rollout();
  const patched = applyJsonPatch(before, z.array(PatchOperation).parse(request.body?.json));
  if (patched.kind === 'failed') {
    return failure(422, 'the server rejected our request due to an error in our request');
  }
  const asked = patched.document as Rollout;
  const where = part === 'status' ? 'status' : 'spec';
  onWritten({ part: where, isEffective: !sameJson(before[where], asked[where]) });
  found.write(part === 'status' ? { ...before, status: asked.status } : withNewSpec(before, asked.spec));
  return ok(found.rollout());
}

function withNewSpec(before: Rollout, spec: Rollout['spec']): Rollout {
  const generation = (before.metadata.generation ?? 0) + 1;
  return { ...before, metadata: { ...before.metadata, generation }, spec };
}

function onApplication(
  objects: MemoryObjects,
  { request, key }: { request: ApiRequest; key: string },
): ApiAnswer {
  if (!objects.applications.has(key)) return failure(404, 'applications.argoproj.io not found');
  if (request.method === 'PATCH') objects.onRefresh(key);
  return ok({ metadata: { resourceVersion: '1' } });
}

function answerOwned(
  owned: readonly MemoryRollout[],
  { plural, name }: { plural: string; name: string },
): ApiAnswer {
  if (plural === 'pods') return ok({ items: owned.flatMap((each) => each.pods()) });
  if (plural === 'analysisruns') return ok({ items: owned.flatMap((each) => each.analysisRuns()) });
  if (plural !== 'replicasets') return failure(404, `the server could not find ${plural}`);
  const replicaSets = owned.flatMap((each) => each.replicaSets());
  if (name === '') return ok({ items: replicaSets });
  const found = replicaSets.find((each) => each.metadata.name === name);
  return found === undefined ? failure(404, 'replicasets.apps not found') : ok(found);
}

function ok(body: unknown): ApiAnswer {
  return { status: 200, body };
}

function failure(code: number, message: string): ApiAnswer {
  return { status: code, body: { kind: 'Status', code, message } };
}
