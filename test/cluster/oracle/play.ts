import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, type Json, MERGE } from '../../conformance/cluster/client.ts';
import type { ControlPlane } from '../control-plane.ts';
import { waitUntil } from '../wait-until.ts';
import type { MessageClass } from './message-class.ts';
import { NAMESPACE, objectsFor, template } from './objects.ts';
import type { Act, Scenario } from './scenario.ts';

/** How long the controller stands still at most for an act that is to be seen unobserved, in milliseconds. */
const UNSEEN_MS = 150;

/** How long a Rollout may take before it is touched, in milliseconds. */
const NUDGE_AFTER_MS = 4_000;

/** Longest wait for a Rollout to say something, in milliseconds. */
const SAID_DEADLINE_MS = 60_000;

const ROLLOUTS = `argoproj.io/v1alpha1/namespaces/${NAMESPACE}/rollouts`;

/** What scenarios are played on. */
export interface Theatre {
  plane: Pick<ControlPlane, 'apply' | 'attempt' | 'process'>;
  /** The administrator's. */
  client: Pick<Client, 'ask'>;
  /** Waits until the Rollout's controller has nothing to do with it for now. */
  settled(name: string): Promise<void>;
  /** Begins to listen. Answers a question: whether the Rollout has said this since. */
  listen(name: string, said: MessageClass): () => boolean;
}

/** Arguments of the plugin, for what it can do. What it refuses is no fault: people try such things. */
const PLUGIN: Partial<Record<Act['kind'], (name: string) => string[]>> = {
  promote: (name) => ['promote', name],
  promoteFull: (name) => ['promote', name, '--full'],
  pause: (name) => ['pause', name],
  abort: (name) => ['abort', name],
  retry: (name) => ['retry', 'rollout', name],
  undo: (name) => ['undo', name],
  restart: (name) => ['restart', name],
};

/** Seconds that a Pod would have to be ready for: more than any progress deadline, which the controller does not allow. */
const IMPOSSIBLE_SECONDS = 700;

/** Plays scenarios, several at a time if need be. */
export function createPlayer(theatre: Theatre): { play(name: string, scenario: Scenario): Promise<void> } {
  const whileStill = createStillness(theatre.plane);
  return {
    async play(name, scenario) {
      // Before a first version is stable, another one takes its place without a step.
      const isDeployed = theatre.listen(name, 'Healthy');
      await theatre.plane.apply(...objectsFor(name, scenario));
      await untilSaid(theatre, { name, hasSaid: isDeployed, what: 'Healthy' });
      let version = 1;
      for (const { act, unseen, until, thenMs } of scenario.acts) {
        if (act.kind === 'deploy') version += 1;
        const hasSaid = until && theatre.listen(name, until);
        const perform = (): Promise<void> => doAct(theatre, { name, act, scenario, version });
        await (unseen ? whileStill(perform) : perform());
        if (hasSaid) await untilSaid(theatre, { name, hasSaid, what: until });
        await sleep(thenMs);
      }
      await theatre.settled(name);
    },
  };
}

/** Argo Rollouts 1.9 overlooks a write that comes while it works on its own last one, and waits for the next: it gets one. */
async function untilSaid(
  { client }: Theatre,
  { name, hasSaid, what }: { name: string; hasSaid: () => boolean; what: string },
): Promise<void> {
  let nudged = performance.now();
  await waitUntil(
    async () => {
      if (hasSaid()) return true;
      if (performance.now() - nudged < NUDGE_AFTER_MS) return false;
      nudged = performance.now();
      const annotations = { 'signalbox.test/nudge': String(nudged) };
      await client.ask('PATCH', `/apis/${ROLLOUTS}/${name}`, { metadata: { annotations } }, { type: MERGE });
      return false;
    },
    { what: `${name} to be ${what}`, deadlineMs: SAID_DEADLINE_MS },
  );
}

/** Does something while the controller stands still, also when others want the same at that time. */
function createStillness(plane: Theatre['plane']): (work: () => Promise<void>) => Promise<void> {
  let wanted = 0;
  return async (work) => {
    const controller = plane.process('rollouts-controller');
    wanted += 1;
    controller.freeze();
    try {
      await work();
      await sleep(UNSEEN_MS);
    } finally {
      wanted -= 1;
      if (wanted === 0) controller.thaw();
    }
  };
}

interface Doing {
  name: string;
  act: Act;
  scenario: Scenario;
  version: number;
}

async function doAct({ plane, client }: Theatre, { name, act, scenario, version }: Doing): Promise<void> {
  const args = PLUGIN[act.kind]?.(name);
  if (args !== undefined) {
    await plane.attempt('kubectl-argo-rollouts', ...args, '--namespace', NAMESPACE);
    return;
  }
  const patch = async (path: string, body: Json): Promise<void> => {
    const { code } = await client.ask('PATCH', `/apis/${path}/${name}`, body, { type: MERGE });
    if (code !== 200) throw new Error(`${act.kind} of ${name} was answered with ${code}`);
  };
  switch (act.kind) {
    case 'deploy': {
      const { shape } = scenario;
      const isReferring = shape.kind === 'canary' && shape.template === 'workload';
      const path = isReferring ? `apps/v1/namespaces/${NAMESPACE}/deployments` : ROLLOUTS;
      return patch(path, { spec: { template: template(name, { version, pods: act.pods }) } });
    }
    case 'scale':
      return patch(ROLLOUTS, { spec: { replicas: act.replicas } });
    case 'misspell':
      return patch(ROLLOUTS, { spec: { minReadySeconds: IMPOSSIBLE_SECONDS } });
    case 'mend':
      return patch(ROLLOUTS, { spec: { minReadySeconds: 0 } });
  }
}
