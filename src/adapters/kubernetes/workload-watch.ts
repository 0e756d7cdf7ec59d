import { isDeepStrictEqual } from 'node:util';
import type { RolloutObject } from '../../domain/rollout/objects/rollout-object.ts';
import { WorkloadObject } from '../../domain/rollout/objects/workload-object.ts';
import { createKept } from './kept.ts';
import type { Change, Read } from './object-store.ts';
import type { Reflector, ReflectorHealth } from './reflector.ts';
import { DEPLOYMENTS } from './resources.ts';
import { doubt, startWatch, type WatchContext } from './watch-context.ts';

/** The Deployments that Rollouts refer to by `spec.workloadRef`, kept up to date in namespaces where one does. */
export interface WorkloadWatch extends AsyncDisposable {
  /** To be told of every change of a Rollout, since those say where Deployments are wanted. */
  rollout(change: Change<RolloutObject>): void;
  /** What a Rollout refers to; absent workload: it refers to nothing that is there. */
  of(key: string): { kind: 'known'; workload?: WorkloadObject } | { kind: 'unknown'; reason: string };
  health(): ReflectorHealth[];
  renew(): void;
}

interface Deployments extends AsyncDisposable {
  reflector: Reflector;
  known: Map<string, Read<WorkloadObject>>;
}

/** Calls back with the `<namespace>/<name>` of each Rollout whose Deployment changed in what we read. */
export function watchWorkloads(context: WatchContext, onChanged: (key: string) => void): WorkloadWatch {
  /** By key of the Rollout, the key of its Deployment. */
  const references = new Map<string, string>();
  const ring = (isOf: (workload: string) => boolean): void => {
    for (const [rollout, workload] of references) if (isOf(workload)) onChanged(rollout);
  };
  const namespaces = createKept<Deployments>((namespace) => {
    const known = new Map<string, Read<WorkloadObject>>();
    const reflector = startWatch(context, {
      kind: DEPLOYMENTS,
      namespace,
      schema: WorkloadObject,
      onChange: ({ key, before, after, unreadable }) => {
        if (after) known.set(key, { kind: 'kept', value: after });
        else if (unreadable) known.set(key, { kind: 'unreadable', reason: unreadable });
        else known.delete(key);
        if (!isDeepStrictEqual(before, after) || unreadable) ring((workload) => workload === key);
      },
      onListed: () => ring((workload) => namespaceOf(workload) === namespace),
    });
    return { reflector, known, [Symbol.asyncDispose]: () => reflector[Symbol.asyncDispose]() };
  });
  return {
    rollout: ({ key, after }) => {
      const reference = after?.spec.workloadRef;
      const workload = reference?.kind === 'Deployment' ? `${namespaceOf(key)}/${reference.name}` : undefined;
      if (references.get(key) === workload) return;
      if (workload === undefined) references.delete(key);
      else references.set(key, workload);
      namespaces.keepOnly([...new Set([...references.values()].map(namespaceOf))]);
    },
    of: (key) => {
      const workload = references.get(key);
      if (workload === undefined) return { kind: 'known' };
      const watched = namespaces.get(namespaceOf(workload));
      if (watched === undefined) return { kind: 'unknown', reason: `${workload} is not watched` };
      const reason = doubt(watched.reflector.health());
      if (reason !== undefined) return { kind: 'unknown', reason };
      const found = watched.known.get(workload);
      if (found === undefined) return { kind: 'known' };
      if (found.kind === 'kept') return { kind: 'known', workload: found.value };
      return { kind: 'unknown', reason: `the Deployment cannot be read: ${found.reason}` };
    },
    health: () => namespaces.all().map(({ reflector }) => reflector.health()),
    renew: () => {
      for (const { reflector } of namespaces.all()) reflector.renew();
    },
    [Symbol.asyncDispose]: () => namespaces[Symbol.asyncDispose](),
  };
}

function namespaceOf(key: string): string {
  return key.slice(0, key.indexOf('/'));
}
