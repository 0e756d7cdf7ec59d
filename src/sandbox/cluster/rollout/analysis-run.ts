import type { AnalysisArgument, AnalysisRun, AnalysisSpec } from './analysis-object.ts';
import { isCompleted } from './analysis-object.ts';
import { specFromTemplates } from './analysis-templates.ts';
import { canonicalJson } from './hash.ts';
import { POD_HASH_LABEL, REVISION, ROLLOUT_TYPE_LABEL, STEP_INDEX_LABEL } from './names.ts';
import { controlledBy } from './new-replica-set.ts';
import { podHashOf } from './replica-sets.ts';
import type { RolloutAnalysis } from './rollout-object.ts';
import { timestamp } from './time.ts';
import type { Turn } from './turn.ts';

/** A run that is wanted: what to measure, and what for. */
export interface RunWish {
  analysis: RolloutAnalysis | undefined;
  /** Last part of the name; absent for background runs. */
  suffix?: string;
  type: 'Step' | 'Background' | 'PrePromotion' | 'PostPromotion';
  stepIndex?: number;
}

/**
 * Makes the run `<rollout>-<pod hash>-<revision>[-<suffix>]`. When that name is taken by an equal run that goes on, that one
 * is it; by any other, a number is added.
 */
export function createRun(turn: Turn, wish: RunWish): AnalysisRun | undefined {
  const spec = specFor(turn, wish);
  if (spec === undefined) return undefined;
  const known = [...Object.values(turn.runs), ...turn.otherRuns].filter((run) => run !== undefined);
  const base = nameFor(turn, wish);
  for (let count = 0; ; count += 1) {
    const name = count === 0 ? base : `${base}.${count}`;
    const taken = known.find((run) => run.metadata.name === name);
    if (taken === undefined) return newRun(turn, wish, { name, spec });
    if (!isCompleted(taken.status?.phase) && isSameSpec(taken.spec, spec)) return taken;
  }
}

function nameFor(turn: Turn, wish: RunWish): string {
  const { name, annotations } = turn.rollout.metadata;
  const parts = [name, podHashOf(turn.fresh), annotations?.[REVISION] ?? ''];
  return (wish.suffix === undefined ? parts : [...parts, wish.suffix]).join('-');
}

function newRun(turn: Turn, wish: RunWish, made: { name: string; spec: AnalysisSpec }): AnalysisRun {
  const { rollout, fresh } = turn;
  const metadata = wish.analysis?.analysisRunMetadata;
  const run: AnalysisRun = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisRun',
    metadata: {
      name: made.name,
      namespace: rollout.metadata.namespace,
      creationTimestamp: timestamp(turn.now),
      labels: {
        [POD_HASH_LABEL]: podHashOf(fresh),
        [ROLLOUT_TYPE_LABEL]: wish.type,
        ...(wish.stepIndex === undefined ? {} : { [STEP_INDEX_LABEL]: String(wish.stepIndex) }),
        ...metadata?.labels,
        ...rollout.spec.selector?.matchLabels,
      },
      annotations: { [REVISION]: rollout.metadata.annotations?.[REVISION] ?? '', ...metadata?.annotations },
      ownerReferences: [controlledBy(rollout)],
    },
    spec: made.spec,
  };
  turn.writes.push({ kind: 'analysisRun.create', run });
  return run;
}

/** Without templates at hand (a simulation judges runs itself) a run measures nothing. */
function specFor(turn: Turn, wish: RunWish): AnalysisSpec | undefined {
  const { templates } = turn.input;
  if (templates === undefined) return { metrics: [] };
  const args = wish.analysis?.args?.map((argument) => resolved(turn, argument)) ?? [];
  const made = specFromTemplates(wish.analysis, templates, args);
  return made.kind === 'made' ? made.spec : undefined;
}

function resolved(turn: Turn, argument: AnalysisArgument): AnalysisArgument {
  const { name, value = '', valueFrom } = argument;
  if (valueFrom?.podTemplateHashValue !== undefined) {
    const isLatest = valueFrom.podTemplateHashValue === 'Latest';
    return { name, value: podHashOf(isLatest ? turn.fresh : turn.stable) };
  }
  if (valueFrom?.fieldRef !== undefined) return { name, value: fieldOf(turn, valueFrom.fieldRef.fieldPath) };
  return { name, value };
}

/** The text at a path such as `metadata.labels['app']` or `status.canary.weights.canary.weight`; empty when none is there. */
function fieldOf(turn: Turn, path: string): string {
  const keys = path.match(/[^.[\]'"]+(?:\/[^.[\]'"]+)?/g) ?? [];
  const quoted = /^(metadata\.(?:labels|annotations))\['(.+)'\]$/.exec(path);
  const steps = quoted === null ? keys : [...(quoted[1] ?? '').split('.'), quoted[2] ?? ''];
  let value: unknown = turn.rollout;
  for (const key of steps) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  }
  return typeof value === 'object' || value === undefined ? '' : String(value);
}

function isSameSpec(a: AnalysisSpec, b: AnalysisSpec): boolean {
  const part = ({ metrics, dryRun, args }: AnalysisSpec): string => canonicalJson({ metrics, dryRun, args });
  return part(a) === part(b);
}
