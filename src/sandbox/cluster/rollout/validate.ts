import { specFromTemplates, templateKey } from './analysis-templates.ts';
import { MANAGED_BY } from './names.ts';
import type { CanaryStep, Rollout, RolloutAnalysis } from './rollout-object.ts';
import { maxTrafficWeight, pauseSeconds, progressDeadlineSeconds, stepsOf } from './settings.ts';
import type { ReconcileInput } from './turn.ts';

/** The first fault of a Rollout's spec, in the words of argo-rollouts; absent when it has none. */
export function findFault(input: ReconcileInput): string | undefined {
  const { rollout } = input;
  return specFault(rollout) ?? serviceFault(input) ?? templateFault(input);
}

function invalid(path: string, value: unknown, reason: string): string {
  return `spec.${path}: Invalid value: ${JSON.stringify(value)}: ${reason}`;
}

function specFault(rollout: Rollout): string | undefined {
  const { spec } = rollout;
  if (spec.workloadRef === undefined && spec.selector === undefined) {
    return "spec.selector: Required value: Rollout has missing field '.spec.selector'";
  }
  const seconds = progressDeadlineSeconds(rollout);
  if (seconds <= (spec.minReadySeconds ?? 0)) {
    return invalid('progressDeadlineSeconds', seconds, 'must be greater than minReadySeconds');
  }
  const labels = spec.template?.metadata?.labels ?? {};
  const unmatched = Object.entries(spec.selector?.matchLabels ?? {}).some(
    ([key, value]) => labels[key] !== value,
  );
  if (unmatched)
    return invalid('template.metadata.labels', labels, '`selector` does not match template `labels`');
  return strategyFault(rollout);
}

function strategyFault(rollout: Rollout): string | undefined {
  const { blueGreen, canary } = rollout.spec.strategy;
  if (blueGreen === undefined && canary === undefined) {
    return "spec.strategy.strategy: Required value: Rollout has missing field '.spec.strategy.canary or .spec.strategy.blueGreen'";
  }
  if (blueGreen !== undefined && canary !== undefined) {
    const both = 'blueGreen: true canary: true';
    return invalid('strategy.strategy', both, 'Multiple Strategies can not be listed');
  }
  if (blueGreen !== undefined) {
    const { activeService, previewService = '' } = blueGreen;
    if (activeService !== previewService) return undefined;
    const reason =
      'This rollout uses the same service for the active and preview services, but two different services are required.';
    return invalid('strategy.activeService', activeService, reason);
  }
  return canaryFault(rollout);
}

function canaryFault(rollout: Rollout): string | undefined {
  const canary = rollout.spec.strategy.canary ?? {};
  const { canaryService = '', stableService = '' } = canary;
  if (canaryService !== '' && canaryService === stableService) {
    const reason =
      'This rollout uses the same service for the stable and canary services, but two different services are required.';
    return invalid('strategy.stableService', stableService, reason);
  }
  if (canary.trafficRouting === undefined) {
    if (canary.scaleDownDelaySeconds !== undefined) {
      const reason = 'Canary scaleDownDelaySeconds can only be used with traffic routing';
      return invalid('strategy.scaleDownDelaySeconds', canary.scaleDownDelaySeconds, reason);
    }
    if (canary.dynamicStableScale === true) {
      return invalid(
        'strategy.dynamicStableScale',
        true,
        'Canary dynamicStableScale can only be used with traffic routing',
      );
    }
  }
  for (const [index, step] of stepsOf(rollout).entries()) {
    const fault = stepFault(rollout, step, `strategy.steps[${index}]`);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function stepFault(rollout: Rollout, step: CanaryStep, path: string): string | undefined {
  const fault = stepKindFault(step, path);
  if (fault !== undefined) return fault;
  const whole = maxTrafficWeight(rollout);
  if (step.setWeight !== undefined && (step.setWeight < 0 || step.setWeight > whole)) {
    return invalid(`${path}.setWeight`, step.setWeight, `SetWeight needs to be between 0 and ${whole}`);
  }
  if ((pauseSeconds(step) ?? 0) < 0) {
    return invalid(`${path}.pause.duration`, pauseSeconds(step), 'Duration needs to be greater than 0');
  }
  if (step.setCanaryScale !== undefined && rollout.spec.strategy.canary?.trafficRouting === undefined) {
    return 'spec.strategy.trafficRouting: Required value: SetCanaryScale requires TrafficRouting to be set';
  }
  return undefined;
}

/** A step does one thing: the words Argo has for two, and for none (where it prints what is nil). */
function stepKindFault(step: CanaryStep, path: string): string | undefined {
  const reason =
    'Step must have one of the following set: experiment, setWeight, setCanaryScale, plugin or pause';
  const main = {
    Experiment: step.experiment,
    Pause: step.pause,
    SetWeight: step.setWeight,
    Analysis: step.analysis,
  };
  const rest = {
    SetCanaryScale: step.setCanaryScale,
    SetHeaderRoute: step.setHeaderRoute,
    SetMirrorRoute: step.setMirrorRoute,
    Plugin: step.plugin,
  };
  const all = Object.entries({ ...main, ...rest });
  if (all.every(([, part]) => part === undefined)) {
    return invalid(path, all.map(([name]) => `step.${name}: true`).join(' '), reason);
  }
  const set = Object.entries(main).filter(([, part]) => part !== undefined);
  if (set.length < 2) return undefined;
  const value = Object.entries(main).map(([name, part]) => `step.${name}: ${part !== undefined}`);
  return invalid(path, value.join(' '), reason);
}

/** Services must exist and belong to no other Rollout; blue-green cannot do without them. */
function serviceFault({ rollout, services }: ReconcileInput): string | undefined {
  if (services === undefined) return undefined;
  const { blueGreen, canary } = rollout.spec.strategy;
  const named: [string, string | undefined][] = [
    ['strategy.blueGreen.activeService', blueGreen?.activeService],
    ['strategy.blueGreen.previewService', blueGreen?.previewService],
    ['strategy.canary.stableService', canary?.stableService],
    ['strategy.canary.canaryService', canary?.canaryService],
  ];
  for (const [path, name] of named) {
    if (name === undefined || name === '') continue;
    const service = services.find((one) => one.metadata.name === name);
    if (service === undefined) return invalid(path, name, `service "${name}" not found`);
    const manager = service.metadata.annotations?.[MANAGED_BY];
    if (manager !== undefined && manager !== rollout.metadata.name) {
      return invalid(path, name, `Service "${name}" is managed by another Rollout`);
    }
  }
  return undefined;
}

/** Templates must exist, give each argument a value and, but for background analysis, come to an end. */
function templateFault({ rollout, templates }: ReconcileInput): string | undefined {
  if (templates === undefined) return undefined;
  const { blueGreen, canary } = rollout.spec.strategy;
  const uses: [string, RolloutAnalysis | undefined][] = [
    ['strategy.blueGreen.prePromotionAnalysis.templates', blueGreen?.prePromotionAnalysis],
    ['strategy.blueGreen.postPromotionAnalysis.templates', blueGreen?.postPromotionAnalysis],
    ...stepsOf(rollout).map((step, index): [string, RolloutAnalysis | undefined] => [
      `strategy.canary.steps[${index}].analysis.templates`,
      step.analysis,
    ]),
    ['strategy.canary.analysis.templates', canary?.analysis],
  ];
  for (const [path, analysis] of uses) {
    if (analysis === undefined) continue;
    const args = (analysis.args ?? []).map(({ name, value }) => ({ name, value: value ?? '' }));
    const made = specFromTemplates(analysis, templates, args);
    if (made.kind === 'faulty') return invalid(path, made.value, made.reason);
    const endless = analysis === canary?.analysis ? undefined : endlessMetric(analysis, templates);
    if (endless !== undefined) return invalid(path, endless.template, endless.reason);
  }
  return undefined;
}

/** A metric with an interval and no count never ends by itself. */
function endlessMetric(
  analysis: RolloutAnalysis,
  templates: NonNullable<ReconcileInput['templates']>,
): { template: string; reason: string } | undefined {
  for (const reference of analysis.templates ?? []) {
    const metrics = templates.get(templateKey(reference))?.spec.metrics ?? [];
    const endless = metrics.find(
      ({ count, interval }) => Number(count ?? 0) === 0 && (interval ?? '') !== '',
    );
    if (endless === undefined) continue;
    const template = reference.templateName;
    const reason = `AnalysisTemplate ${template} has metric ${endless.name} which runs indefinitely. Invalid value for count: ${endless.count ?? '<nil>'}`;
    return { template, reason };
  }
  return undefined;
}
