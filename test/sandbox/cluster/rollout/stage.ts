import type { AnalysisPhase } from '../../../../src/sandbox/cluster/rollout/analysis-object.ts';
import type { ReplicaSet, Service } from '../../../../src/sandbox/cluster/rollout/objects.ts';
import { phaseToShow } from '../../../../src/sandbox/cluster/rollout/phase.ts';
import { podHashOf } from '../../../../src/sandbox/cluster/rollout/replica-sets.ts';
import type { Rollout, RolloutSpec } from '../../../../src/sandbox/cluster/rollout/rollout-object.ts';
import {
  type SmallWorld,
  settle,
  smallWorld,
  withSpec,
  withStatusPatch,
} from '../../../../src/sandbox/cluster/rollout/small-world.ts';

/** Midnight, so that whole seconds in assertions are easy to read. */
export const START = Date.parse('2026-11-20T00:00:00Z');

/** A Rollout `web` of four pods, image `web:1`. */
export function rolloutWith(spec: Partial<RolloutSpec>): Rollout {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name: 'web', namespace: 'shop' },
    spec: {
      replicas: 4,
      selector: { matchLabels: { app: 'web' } },
      template: templateOf('web:1'),
      strategy: { canary: {} },
      ...spec,
    },
  };
}

export function templateOf(image: string): NonNullable<RolloutSpec['template']> {
  return { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image }] } };
}

export function serviceNamed(name: string): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'shop' },
    spec: { selector: { app: 'web' } },
  };
}

/** A small world in virtual time, driven as a person and a clock would. */
export class Stage {
  world: SmallWorld;
  now = START;
  events: string[] = [];
  /** Images whose pods never start. */
  readonly broken = new Set<string>();
  #wakeAfterMs: number | undefined;

  constructor(rollout: Rollout, services: readonly Service[] = []) {
    this.world = smallWorld(rollout, services);
    this.settle();
  }

  settle(): void {
    const podStart = (replicaSet: ReplicaSet): number => {
      const image = replicaSet.spec.template.spec.containers[0]?.image ?? '';
      return this.broken.has(image) ? Number.POSITIVE_INFINITY : 1000;
    };
    const settled = settle(this.world, { now: this.now, podStart });
    this.world = settled.world;
    this.events.push(...settled.events.map(({ reason, message }) => `${reason}: ${message}`));
    this.#wakeAfterMs = settled.wakeAfterMs;
  }

  /** Lets time pass; everything that falls due on the way happens at its moment. */
  pass(seconds: number): void {
    const end = this.now + seconds * 1000;
    while (this.#wakeAfterMs !== undefined && this.now + this.#wakeAfterMs <= end) {
      this.now += Math.max(1, this.#wakeAfterMs);
      this.settle();
    }
    this.now = end;
    this.settle();
  }

  set(spec: Partial<RolloutSpec>): void {
    this.world = withSpec(this.world, spec);
    this.settle();
  }

  image(image: string): void {
    this.set({ template: templateOf(image) });
  }

  patchStatus(patch: Record<string, unknown>): void {
    this.world = withStatusPatch(this.world, patch);
    this.settle();
  }

  /** Ends the newest AnalysisRun. */
  judge(phase: AnalysisPhase, message = ''): void {
    const run = this.world.analysisRuns.at(-1);
    const judged = this.world.analysisRuns.map((one) =>
      one === run ? { ...one, status: { phase, message } } : one,
    );
    this.world = { ...this.world, analysisRuns: judged };
    this.settle();
  }

  get status(): NonNullable<Rollout['status']> {
    return this.world.rollout.status ?? {};
  }

  get phase(): string {
    const { phase, message } = phaseToShow(this.world.rollout);
    return message === '' ? phase : `${phase} (${message})`;
  }

  /** Pods by image, those of empty ReplicaSets left out. */
  get pods(): Record<string, number> {
    const counts = this.world.replicaSets
      .filter(({ spec }) => (spec.replicas ?? 0) > 0)
      .map(({ spec }) => [spec.template.spec.containers[0]?.image ?? '', spec.replicas ?? 0]);
    return Object.fromEntries(counts);
  }

  hashOf(image: string): string {
    const found = this.world.replicaSets.find(
      ({ spec }) => spec.template.spec.containers[0]?.image === image,
    );
    return podHashOf(found);
  }

  /** Image to revision. */
  get revisions(): Record<string, string> {
    return Object.fromEntries(
      this.world.replicaSets.map(({ metadata, spec }) => [
        spec.template.spec.containers[0]?.image ?? '',
        metadata.annotations?.['rollout.argoproj.io/revision'] ?? '',
      ]),
    );
  }
}
