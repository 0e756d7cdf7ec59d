import type { Actor } from '../../../src/domain/actor.ts';
import type { Content } from '../../../src/domain/content.ts';
import type { Effect } from '../../../src/domain/effect.ts';
import { emptyEnvironment, foldEnvironment } from '../../../src/domain/environment/environment-state.ts';
import type { PlannedGate } from '../../../src/domain/gate/planned-gate.ts';
import type {
  EnvironmentFact,
  EnvironmentFactBody,
  ReleaseFact,
  ReleaseFactBody,
} from '../../../src/domain/ledger/fact.ts';
import type { Plan, PlannedService } from '../../../src/domain/plan/plan.ts';
import { foldRelease } from '../../../src/domain/release/fold-release.ts';
import type { Look, Turn } from '../../../src/domain/release/look.ts';
import type { ReleaseState } from '../../../src/domain/release/release-state.ts';
import type { RolloutView } from '../../../src/domain/rollout/rollout-view.ts';

export const START = Date.parse('2026-11-20T14:00:00.000Z');
export const ANA = 'slack:T1:UANA';
export const BEN = 'slack:T1:UBEN';
export const RELEASE = 'prod/checkout-2026-11-20.3';

export function digest(seed: string): string {
  return `sha256:${seed.repeat(64).slice(0, 64)}`;
}

export function content(service: string, seed: string): Content {
  const repository = `ghcr.io/acme/${service}`;
  return {
    images: { [service]: { repository, digest: digest(seed), platforms: {}, version: `1.${seed}.0` } },
    keys: [
      {
        repository: 'gitops',
        file: `clusters/prod/apps/${service}/kustomization.yaml`,
        path: ['images', `name=${repository}`, 'digest'],
        value: digest(seed),
      },
    ],
    authors: [],
  };
}

export function gate(more: Partial<PlannedGate> = {}): PlannedGate {
  return {
    name: 'error-rate',
    type: 'prometheus',
    phase: 'canary',
    steps: [],
    required: true,
    prometheus: 'main',
    query: 'sum(up)',
    threshold: { operator: '<', value: 0.02, text: '< 2%' },
    minTraffic: 0,
    windowMs: 60_000,
    intervalMs: 60_000,
    count: 1,
    failureLimit: 0,
    inconclusiveLimit: 0,
    consecutiveErrorLimit: 4,
    onNoData: 'inconclusive',
    scrapeIntervalMs: 15_000,
    timeoutMs: 10_000,
    ...more,
  };
}

export function planned(service: string, more: Partial<PlannedService> = {}): PlannedService {
  return {
    tier: 1,
    owner: 'owners',
    from: content(service, '7'),
    to: content(service, '8'),
    placements: [
      {
        cluster: 'main',
        namespace: 'shop',
        rollout: service,
        git: {
          repository: 'gitops',
          file: `clusters/prod/apps/${service}/kustomization.yaml`,
          format: 'kustomize',
        },
      },
    ],
    dependsOn: [],
    needs: [],
    gates: [],
    ...more,
  };
}

export function plan(more: Partial<Plan> = {}): Plan {
  return {
    environment: 'prod',
    type: 'standard',
    manifestHash: 'hash',
    services: {
      'orders-api': planned('orders-api'),
      payments: planned('payments', { dependsOn: ['orders-api'] }),
    },
    waves: [['orders-api'], ['payments']],
    approvals: { required: 1, from: ['release-managers'], owners: {}, expiresAfterMs: 3_600_000 },
    makers: [ANA],
    onGateFailure: 'rollback',
    ...more,
  };
}

/** A world small enough to play a release in: facts are appended by hand, and every turn can be taken. */
export class Stage {
  readonly release: ReleaseFact[] = [];
  readonly environment: EnvironmentFact[] = [];
  readonly observed: Record<string, Look['observed'][string]> = {};
  approval: Look['approval'] = { kind: 'satisfied' };
  branchHead: Look['branchHead'];
  restoreUnconfirmed = false;
  now = START;

  constructor(cut: Plan = plan()) {
    this.add({
      kind: 'release.cut',
      data: {
        name: 'checkout-2026-11-20.3',
        environment: 'prod',
        plan: cut,
        planHash: 'plan-1',
        manifest: { path: 'releases/prod/release.yaml', text: 'text', repository: 'gitops', branch: 'main' },
        requestedBy: ANA,
      },
    });
  }

  get state(): ReleaseState {
    const state = foldRelease(this.release);
    if (state === undefined) throw new Error('nothing was cut');
    return state;
  }

  get environmentState() {
    return this.environment.reduce(foldEnvironment, emptyEnvironment('prod'));
  }

  look(): Look {
    const { now, observed, approval, restoreUnconfirmed, branchHead } = this;
    return {
      now,
      release: this.state,
      environment: this.environmentState,
      observed,
      approval,
      restoreUnconfirmed,
      ...(branchHead && { branchHead }),
    };
  }

  add(...facts: (ReleaseFactBody & { at?: number; actor?: Actor })[]): this {
    for (const { at = this.now, ...fact } of facts) this.release.push(envelope(fact, at) as ReleaseFact);
    return this;
  }

  addToEnvironment(...facts: EnvironmentFactBody[]): this {
    for (const fact of facts) this.environment.push(envelope(fact, this.now) as EnvironmentFact);
    return this;
  }

  /** Appends what a turn records, as the job would. */
  take(turn: Turn): this {
    this.add(...turn.record.release);
    return this.addToEnvironment(...turn.record.environment);
  }

  /** Every effect of the turn succeeded. */
  done(
    turn: Turn,
    receipt: Partial<Extract<ReleaseFactBody, { kind: 'effect.done' }>['data']['receipt']> = {},
  ): this {
    for (const intent of turn.perform.flat()) {
      const at = new Date(this.now).toISOString();
      const git =
        intent.effect.kind === 'git.commit' ? { git: { commit: 'c0ffee', branch: 'main', before: [] } } : {};
      this.add(
        { kind: 'effect.intended', data: intent },
        {
          kind: 'effect.done',
          data: { effect: intent.id, receipt: { at, how: 'done', ...git, ...receipt } },
        },
      );
    }
    return this;
  }

  refused(
    turn: Turn,
    why: 'rejected' | 'stale' | 'forbidden' | 'missing' | 'awaitingMerge',
    says = 'no',
  ): this {
    for (const intent of turn.perform.flat()) {
      this.add(
        { kind: 'effect.intended', data: intent },
        { kind: 'effect.refused', data: { effect: intent.id, why, says } },
      );
    }
    return this;
  }

  /** What the cluster shows of a Rollout from now on. */
  shows(service: string, view: Partial<RolloutView> & { seed: string }): this {
    this.observed[`main/shop/${service}`] = { kind: 'seen', staleMs: 0, rollout: rollout(service, view) };
    return this;
  }
}

function envelope(fact: ReleaseFactBody | EnvironmentFactBody, at: number): unknown {
  const when = new Date(at).toISOString();
  return {
    actor: { kind: 'system', id: 'signalbox' },
    ...fact,
    occurredAt: when,
    clock: 'signalbox',
    recordedAt: when,
    epochs: {},
  };
}

/** A Healthy Rollout on the content that `seed` stands for, or whatever else is said. */
export function rollout(
  service: string,
  { seed, ...more }: Partial<RolloutView> & { seed: string },
): RolloutView {
  const image = `ghcr.io/acme/${service}@${digest(seed)}`;
  const podHash = more.stablePodHash ?? `hash-${seed}`;
  const pod = (i: number) => ({ name: `${service}-${i}`, digests: { [service]: digest(seed) } });
  return {
    uid: service,
    resourceVersion: '1',
    generation: 1,
    observed: true,
    phase: 'Healthy',
    message: '',
    strategy: 'canary',
    steps: [
      { kind: 'setWeight', weight: 25 },
      { kind: 'pause' },
      { kind: 'setWeight', weight: 50 },
      { kind: 'pause', durationSeconds: 120 },
    ],
    weight: 0,
    currentPodHash: `hash-${seed}`,
    stablePodHash: `hash-${seed}`,
    abort: false,
    promoteFull: false,
    pausedBySpec: false,
    controllerPause: false,
    pauses: [],
    desiredReplicas: 2,
    availableReplicas: 2,
    updatedReplicas: 2,
    images: { [service]: image },
    replicaSets: [
      {
        podHash,
        revision: 2,
        images: { [service]: image },
        replicas: 2,
        readyPods: [pod(1), pod(2)],
        leaving: false,
      },
    ],
    analysisRuns: [],
    ...more,
  };
}

/** A canary of seed 8 that stands still at a step while seed 7 is stable. */
export function pausedAt(
  stepIndex: number,
  more: Partial<RolloutView> = {},
): Partial<RolloutView> & { seed: string } {
  return {
    seed: '8',
    phase: 'Paused',
    message: 'CanaryPauseStep',
    stepIndex,
    weight: stepIndex === 1 ? 25 : 50,
    stablePodHash: 'hash-7',
    pauses: [{ reason: 'CanaryPauseStep', startTime: '2026-11-20T14:01:00Z' }],
    ...more,
  };
}

/** The kinds of the effects of a turn, in order. */
export function effects(turn: Turn): Effect['kind'][] {
  return turn.perform.flat().map((intent) => intent.effect.kind);
}

/** A release that has its approvals and its tracks, and whose first wave is committed and refreshed. */
export function moving(
  cut: Plan = plan(),
  next: (look: Look) => Turn = () => {
    throw new Error('say how to decide');
  },
): Stage {
  const stage = new Stage(cut);
  stage.done(next(stage.look()));
  stage.take(next(stage.look()));
  for (const service of Object.keys(cut.services)) stage.shows(service, { seed: '7' });
  return stage.done(next(stage.look()));
}
