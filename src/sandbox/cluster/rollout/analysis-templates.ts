import type { AnalysisArgument, AnalysisSpec, AnalysisTemplate } from './analysis-object.ts';
import type { RolloutAnalysis } from './rollout-object.ts';

type Templates = ReadonlyMap<string, AnalysisTemplate>;

/** A run's spec, or why none can be made of these templates. */
export type SpecFromTemplates =
  | { kind: 'made'; spec: AnalysisSpec }
  | { kind: 'faulty'; value: string; reason: string };

/** Under which name a template is found: its own, or `cluster/<name>` for one of the cluster. */
export function templateKey(reference: { templateName: string; clusterScope?: boolean | undefined }): string {
  return reference.clusterScope === true ? `cluster/${reference.templateName}` : reference.templateName;
}

/** Puts templates together into the spec of one run, with the Rollout's arguments over the templates' own. */
export function specFromTemplates(
  analysis: RolloutAnalysis | undefined,
  templates: Templates,
  given: readonly AnalysisArgument[],
): SpecFromTemplates {
  const found: AnalysisTemplate[] = [];
  for (const reference of analysis?.templates ?? []) {
    const template = templates.get(templateKey(reference));
    if (template === undefined) {
      const kind = reference.clusterScope === true ? 'ClusterAnalysisTemplate' : 'AnalysisTemplate';
      return {
        kind: 'faulty',
        value: reference.templateName,
        reason: `${kind} '${reference.templateName}' not found`,
      };
    }
    if (!found.includes(template)) found.push(template);
  }
  return combine(found, given, analysis);
}

function combine(
  templates: readonly AnalysisTemplate[],
  given: readonly AnalysisArgument[],
  analysis: RolloutAnalysis | undefined,
): SpecFromTemplates {
  const names = templates.map(({ metadata }) => metadata.name).join(' ');
  const faulty = (reason: string): SpecFromTemplates => ({
    kind: 'faulty',
    value: `templateNames: [${names}]`,
    reason,
  });
  const metrics = templates.flatMap(({ spec }) => spec.metrics);
  const twice = metrics.find(
    (metric, index) => metrics.findIndex(({ name }) => name === metric.name) !== index,
  );
  if (twice !== undefined) return faulty(`two metrics have the same name '${twice.name}'`);
  const args = mergeArguments(
    templates.flatMap(({ spec }) => spec.args ?? []),
    given,
  );
  const open = args.find(({ value, valueFrom }) => value === undefined && valueFrom === undefined);
  if (open !== undefined) return faulty(`args.${open.name} was not resolved`);
  const dryRun = [...(analysis?.dryRun ?? []), ...templates.flatMap(({ spec }) => spec.dryRun ?? [])];
  return {
    kind: 'made',
    spec: { metrics, ...(args.length === 0 ? {} : { args }), ...(dryRun.length === 0 ? {} : { dryRun }) },
  };
}

/** The templates' arguments, each once, with the values given for them; what no template asks for is left out. */
function mergeArguments(
  asked: readonly AnalysisArgument[],
  given: readonly AnalysisArgument[],
): AnalysisArgument[] {
  const merged = new Map<string, AnalysisArgument>();
  for (const argument of asked) {
    if (merged.get(argument.name)?.value === undefined) merged.set(argument.name, argument);
  }
  for (const { name, value, valueFrom } of given) {
    const argument = merged.get(name);
    if (argument === undefined) continue;
    if (value !== undefined) merged.set(name, { ...argument, value });
    else if (valueFrom !== undefined) merged.set(name, { ...argument, valueFrom });
  }
  return [...merged.values()];
}
