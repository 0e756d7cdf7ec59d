import { describe, expect, it } from 'vitest';
import { podTemplateHash, safeEncode, stepHash } from '../../../../src/sandbox/cluster/rollout/hash.ts';
import type { KubeObject, Pod } from '../../../../src/sandbox/cluster/rollout/objects.ts';
import { withDefaults } from '../../../../src/sandbox/cluster/rollout/pod-template.ts';
import { reconcileRollout } from '../../../../src/sandbox/cluster/rollout/reconcile.ts';
import { durationSeconds } from '../../../../src/sandbox/cluster/rollout/time.ts';
import { rolloutWith, START, Stage, templateOf } from './stage.ts';

describe('the hash of a pod template', () => {
  it('is spelled in the safe alphabet', () => {
    expect(podTemplateHash(templateOf('web:1'))).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{5,10}$/);
    expect(safeEncode('1234567890')).toBe('56789bcdf4');
  });

  it('changes when something is added or taken away, and returns with the old template', () => {
    const plain = templateOf('web:1');
    const container = { name: 'web', image: 'web:1', env: [{ name: 'A', value: '1' }] };
    const more = { ...plain, spec: { containers: [container] } };
    expect(podTemplateHash(more)).not.toBe(podTemplateHash(plain));
    expect(podTemplateHash(structuredClone(plain))).toBe(podTemplateHash(plain));
  });

  it('is the same for a template that comes back with its defaults filled in, in another order, with empty lists', () => {
    const plain = templateOf('web:1');
    const back = {
      spec: { ...withDefaults(plain).spec, volumes: [], affinity: null },
      metadata: plain.metadata,
    };
    expect(podTemplateHash(back as typeof plain)).toBe(podTemplateHash(plain));
  });

  it('knows steps from no steps', () => {
    const canary = (steps: { setWeight: number }[]) => rolloutWith({ strategy: { canary: { steps } } }).spec;
    expect(stepHash(canary([{ setWeight: 1 }]))).not.toBe(stepHash(canary([{ setWeight: 2 }])));
    expect(stepHash(rolloutWith({ strategy: { blueGreen: { activeService: 'web' } } }).spec)).toBe('');
  });
});

describe('durations', () => {
  it.each([
    [30, 30],
    ['45', 45],
    ['1m30s', 90],
    ['2h', 7200],
    ['1500ms', 1.5],
    ['soon', -1],
    ['5 m', -1],
  ])('reads %s as %s seconds', (text, seconds) => {
    expect(durationSeconds(text)).toBe(seconds);
  });
});

describe('restartAt', () => {
  it('evicts old pods as many at once as may be missing, and is done when all are new', () => {
    const stage = new Stage(rolloutWith({}));
    stage.pass(5);
    const restartAt = '2026-11-20T00:00:10Z';
    stage.set({ restartAt });
    expect(stage.phase).toBe('Progressing (rollout is restarting)');
    stage.pass(5);
    const pods: Pod[] = stage.world.pods.map((pod) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: pod.name,
        creationTimestamp: '2026-11-20T00:00:00Z',
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: pod.replicaSet, uid: '' }],
      },
      spec: { containers: [] },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    }));
    const { rollout, replicaSets } = stage.world;
    const at = START + 11_000;
    const before = { ...rollout, status: { ...rollout.status, restartedAt: undefined } };
    const first = reconcileRollout({ rollout: before, replicaSets, pods, now: at });
    expect(first.writes).toEqual([{ kind: 'pod.evict', name: pods[0]?.metadata.name }]);
    expect(first.wakeAfterMs).toBe(30_000);
    const renewed = pods.map((pod) => ({
      ...pod,
      metadata: { ...pod.metadata, creationTimestamp: '2026-11-20T00:00:11Z' },
    }));
    const last = reconcileRollout({ rollout: before, replicaSets, pods: renewed, now: at });
    expect(last.writes).toMatchObject([{ kind: 'rollout.status', patch: { restartedAt: restartAt } }]);
  });
});

describe('workloadRef', () => {
  const reference = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
  const deployment = (image: string, generation: number): KubeObject => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', generation },
    spec: { selector: { matchLabels: { app: 'web' } }, template: templateOf(image) },
  });
  const { template: _, selector: __, ...spec } = rolloutWith({}).spec;
  const rollout = {
    ...rolloutWith({}),
    metadata: { name: 'web', namespace: 'shop', uid: 'u', generation: 1 },
    spec: { ...spec, workloadRef: reference },
  };

  it('takes template and selector from the Deployment and notes its generation', () => {
    const { writes } = reconcileRollout({
      rollout,
      replicaSets: [],
      workload: deployment('web:7', 3),
      now: START,
    });
    expect(writes[0]).toEqual({
      kind: 'rollout.annotate',
      annotations: { 'rollout.argoproj.io/workload-generation': '3' },
    });
    expect(writes[1]).toMatchObject({
      kind: 'replicaSet.create',
      replicaSet: {
        spec: { selector: { matchLabels: { app: 'web' } }, template: templateOf('web:7') },
      },
    });
    expect(writes.at(-1)).toMatchObject({ patch: { workloadObservedGeneration: '3' } });
  });

  it('says what is missing', () => {
    const { writes } = reconcileRollout({ rollout, replicaSets: [], now: START });
    expect(writes).toMatchObject([
      {
        kind: 'rollout.status',
        patch: {
          phase: 'Degraded',
          message: expect.stringContaining('deployments.apps "web" not found'),
        },
      },
    ]);
  });
});

describe('a reconcile', () => {
  it('changes nothing it was given and decides the same twice', () => {
    const stage = new Stage(
      rolloutWith({ strategy: { canary: { steps: [{ setWeight: 25 }, { pause: {} }] } } }),
    );
    stage.pass(3);
    const { rollout, replicaSets } = stage.world;
    const changed = { ...rollout, spec: { ...rollout.spec, template: templateOf('web:2') } };
    const input = { rollout: changed, replicaSets, now: START + 5000 };
    const before = structuredClone(input);
    expect(reconcileRollout(input)).toEqual(reconcileRollout(input));
    expect(input).toEqual(before);
  });
});
