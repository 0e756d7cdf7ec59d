import { at, JSON_PATCH, type Json, textAt } from './client.ts';
import type { Stage } from './stage.ts';

const REVISION = 'rollout.argoproj.io/revision';

/**
 * What `kubectl argo rollouts undo <name>` does (v1.9.1, `pkg/kubectl-argo-rollouts/cmd/undo/undo.go`): it takes the
 * second-highest revision, and does nothing where the present template is contained in that one.
 */
export async function undoAsPlugin(stage: Stage, name: string): Promise<'undone' | 'skipped'> {
  const rollout = await stage.get(`rollouts/${name}`);
  const uid = textAt(rollout, 'metadata.uid');
  const sets = (await stage.replicaSets(name)).filter(
    (set) => textAt(set, 'metadata.ownerReferences.0.uid') === uid,
  );
  const [, target] = sets.toSorted((a, b) => revisionOf(b) - revisionOf(a));
  if (target === undefined) throw new Error('no rollout history found');
  const template = structuredClone(at(target, 'spec.template')) as { metadata: { labels: Json } };
  delete template.metadata.labels['rollouts-pod-template-hash'];
  if (isContained(at(rollout, 'spec.template'), template)) return 'skipped';
  await stage.act(
    `rollouts/${name}`,
    [{ op: 'replace', path: '/spec/template', value: template }],
    JSON_PATCH,
  );
  return 'undone';
}

function revisionOf(set: Json): number {
  return Number(Reflect.get((at(set, 'metadata.annotations') ?? {}) as object, REVISION) ?? 0);
}

/** apimachinery's `DeepDerivative`: what `part` does not say counts as equal, and so does the beginning of a list. */
function isContained(part: unknown, whole: unknown): boolean {
  if (part === undefined || part === null || part === '' || part === 0 || part === false) return true;
  if (Array.isArray(part)) {
    return (
      Array.isArray(whole) &&
      part.length <= whole.length &&
      part.every((each, index) => isContained(each, whole[index]))
    );
  }
  if (typeof part === 'object') {
    return Object.entries(part).every(([key, value]) => isContained(value, at(whole, key)));
  }
  return part === whole;
}
