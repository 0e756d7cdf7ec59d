import { POD_FATE_ANNOTATION, READY_AFTER_ANNOTATION } from '../stages.ts';
import type { Act, Scenario, Shape, Step, Verdict } from './scenario.ts';

/** Namespace of everything here. */
export const NAMESPACE = 'oracle';

/** How long `late` Pods take, as a Go duration. */
const LATE = '1500ms';

type Pods = Extract<Act, { kind: 'deploy' }>['pods'];

const ANNOTATIONS: Record<Pods, object> = {
  ready: {},
  late: { [READY_AFTER_ANNOTATION]: LATE },
  'never-ready': { [POD_FATE_ANNOTATION]: 'never-ready' },
};

/** A pod template of the version that this number names. */
export function template(name: string, { version, pods }: { version: number; pods: Pods }): object {
  return {
    metadata: { labels: { app: name }, annotations: ANNOTATIONS[pods] },
    spec: { containers: [{ name: 'app', image: `registry.test/${name}:${version}` }] },
  };
}

/** The Rollout of a scenario, with what it needs beside it. */
export function objectsFor(name: string, { shape, replicas, progressDeadlineSeconds }: Scenario): object[] {
  const first = template(name, { version: 1, pods: 'ready' });
  const isReferring = shape.kind === 'canary' && shape.template === 'workload';
  const rollout = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      replicas,
      ...(progressDeadlineSeconds !== undefined && { progressDeadlineSeconds }),
      selector: { matchLabels: { app: name } },
      strategy: strategy(name, shape),
      ...(isReferring
        ? { workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name } }
        : { template: first }),
    },
  };
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: NAMESPACE },
    spec: { replicas: 0, selector: { matchLabels: { app: name } }, template: first },
  };
  const roles = ['active', 'stable', 'canary'].map((role) => service(`${name}-${role}`, name));
  return [...roles, ingress(name), ...(isReferring ? [deployment] : []), rollout];
}

function strategy(name: string, shape: Shape): object {
  switch (shape.kind) {
    case 'canary':
      return { canary: { steps: shape.steps.map((step) => stepObject(step, 100)) } };
    case 'routed':
      return {
        canary: {
          canaryService: `${name}-canary`,
          stableService: `${name}-stable`,
          steps: shape.steps.map((step) => stepObject(step, shape.maxWeight)),
          trafficRouting: { maxTrafficWeight: shape.maxWeight, nginx: { stableIngress: name } },
        },
      };
    case 'blueGreen':
      return {
        blueGreen: {
          activeService: `${name}-active`,
          autoPromotionEnabled: shape.autoPromotion,
          scaleDownDelaySeconds: 2,
          ...(shape.before && { prePromotionAnalysis: analysis(shape.before) }),
          ...(shape.after && { postPromotionAnalysis: analysis(shape.after) }),
        },
      };
  }
}

function stepObject(step: Step, maxWeight: number): object {
  switch (step.kind) {
    case 'setWeight':
      return { setWeight: (step.percent * maxWeight) / 100 };
    case 'pause':
      return { pause: step.seconds === undefined ? {} : { duration: step.seconds } };
    case 'analysis':
      return { analysis: analysis(step.verdict) };
    case 'experiment':
      return {
        experiment: {
          duration: '10s',
          templates: [{ name: 'trial', specRef: 'canary' }],
          analyses: [{ name: 'trial', ...analysisRef(step.verdict), requiredForCompletion: true }],
        },
      };
  }
}

function analysis(verdict: Verdict): object {
  return { templates: [{ templateName: templateFor(verdict) }], args: argumentsFor(verdict) };
}

function analysisRef(verdict: Verdict): object {
  return { templateName: templateFor(verdict), args: argumentsFor(verdict) };
}

function templateFor(verdict: Verdict): string {
  return verdict === 'slow' ? 'slow' : 'quick';
}

function argumentsFor(verdict: Verdict): object[] {
  return [{ name: 'verdict', value: verdict === 'slow' ? 'pass' : verdict }];
}

/** AnalysisTemplates that ask a web server; what it is asked for is what it answers. */
export function analysisTemplates(url: string): object[] {
  const measure = {
    name: 'verdict',
    successCondition: 'result > 0.9',
    failureCondition: 'result < 0.1',
    provider: { web: { url: `${url}/{{args.verdict}}`, jsonPath: '{$.value}' } },
  };
  return [
    { name: 'quick', metric: measure },
    { name: 'slow', metric: { ...measure, count: 3, interval: '1s' } },
  ].map(({ name, metric }) => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisTemplate',
    metadata: { name, namespace: NAMESPACE },
    spec: { args: [{ name: 'verdict' }], metrics: [metric] },
  }));
}

function service(name: string, app: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: NAMESPACE },
    spec: { selector: { app }, ports: [{ port: 80 }] },
  };
}

function ingress(name: string): object {
  const backend = { service: { name: `${name}-stable`, port: { number: 80 } } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      ingressClassName: 'nginx',
      rules: [{ host: `${name}.test`, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
    },
  };
}
