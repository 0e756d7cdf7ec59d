import { describe, expect, it } from 'vitest';
import type { Placement } from '../../../src/domain/catalog/placement.ts';
import { rolloutInCluster, rolloutInFile } from '../../../src/domain/policy/stated-rollouts.ts';
import type { CanaryStep, RolloutObserved } from '../../../src/domain/rollout/rollout-view.ts';
import { rollout as seenRollout } from '../release/fixtures.ts';

const placement: Placement = {
  cluster: 'main',
  namespace: 'prod',
  rollout: 'web',
  git: { repository: 'gitops', file: 'web.yaml', format: 'manifest' },
};

const steps = [{ setWeight: 10 }, { analysis: { templates: [{ templateName: 'errors' }] } }];
const rollout = (strategy: unknown, metadata: object = { name: 'web' }) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Rollout',
  metadata,
  spec: { strategy },
});

describe('the Rollout in the file that the catalog names', () => {
  it('is found beside other documents, with its steps as they are written', () => {
    const service = { kind: 'Service', metadata: { name: 'web' } };
    expect(rolloutInFile(placement, [service, rollout({ canary: { steps } })])).toEqual({
      kind: 'found',
      in: 'Git',
      strategy: 'canary',
      steps,
    });
  });

  it.each([
    ['a canary without steps', { canary: { steps: null } }, 'canary'],
    ['blue-green', { blueGreen: { activeService: 'web' } }, 'blueGreen'],
    ['no strategy', undefined, 'none'],
  ])('may be %s', (_, strategy, expected) => {
    expect(rolloutInFile(placement, [rollout(strategy)])).toMatchObject({ strategy: expected, steps: [] });
  });

  it.each<[string, unknown[]]>([
    ['there is no document', []],
    ['it has another name', [rollout({ canary: {} }, { name: 'cart' })]],
    ['it is in another namespace', [rollout({ canary: {} }, { name: 'web', namespace: 'dev' })]],
    ['its steps are no list', [rollout({ canary: { steps: 'none' } })]],
    ['a document is a text', ['Rollout']],
  ])('cannot be compared when %s', (_, documents) => {
    expect(rolloutInFile(placement, documents)).toMatchObject({ kind: 'unreadable' });
  });
});

describe('the Rollout in the cluster', () => {
  const seen = (...of: CanaryStep[]): RolloutObserved => ({
    kind: 'seen',
    rollout: seenRollout('web', { seed: '7', steps: of }),
    staleMs: 0,
  });

  it('gives its steps as a manifest would write them', () => {
    const observed = seen(
      { kind: 'setWeight', weight: 25 },
      { kind: 'pause' },
      { kind: 'pause', durationSeconds: 60 },
    );
    expect(rolloutInCluster(placement, observed)).toEqual({
      kind: 'found',
      in: 'the cluster',
      strategy: 'canary',
      steps: [{ setWeight: 25 }, { pause: {} }, { pause: { duration: 60 } }],
    });
  });

  it.each<[string, RolloutObserved]>([
    ['a step that is known by its name only', seen({ kind: 'other', name: 'analysis' })],
    ['none', { kind: 'missing' }],
    ['nobody who answers', { kind: 'unknown', reason: '403' }],
  ])('cannot be compared when there is %s', (_, observed) => {
    expect(rolloutInCluster(placement, observed)).toMatchObject({ kind: 'unreadable' });
  });
});
