import { describe, expect, it } from 'vitest';
import type { ObservedChange } from '../../../src/domain/observe/observed-change.ts';
import { type ServiceSeen, seeChange } from '../../../src/domain/observe/see-change.ts';
import type { RolloutView } from '../../../src/domain/rollout/rollout-view.ts';

const image = (digit: string) => `ghcr.io/acme/web@sha256:${digit.repeat(64)}`;
const OLD = { web: image('a') };
const NEW = { web: image('b') };
const NOW = Date.parse('2026-11-20T10:10:00Z');
const COMMIT = { repository: 'gitops', commit: 'c1', subject: 'web 1.8.0', author: 'Ana' };

function view(images: Record<string, string>, more: Partial<RolloutView> = {}): RolloutView {
  return {
    uid: 'u',
    resourceVersion: '1',
    generation: 1,
    observed: true,
    phase: 'Healthy',
    message: '',
    strategy: 'canary',
    steps: [],
    currentPodHash: 'p1',
    stablePodHash: 'p1',
    abort: false,
    promoteFull: false,
    pausedBySpec: false,
    controllerPause: false,
    pauses: [],
    desiredReplicas: 1,
    availableReplicas: 1,
    updatedReplicas: 1,
    images,
    replicaSets: [],
    analysisRuns: [],
    ...more,
  };
}

const change = (more: Partial<ObservedChange> = {}): ObservedChange => ({
  id: 'S1',
  service: 'web',
  seenAt: '2026-11-20T10:09:00.000Z',
  commits: [],
  judgements: [],
  ...more,
});

const look = (more: Partial<ServiceSeen>): ServiceSeen => ({
  service: 'web',
  rested: OLD,
  views: [view(OLD)],
  commits: [],
  open: undefined,
  last: undefined,
  now: NOW,
  ...more,
});

const MOVING = { phase: 'Paused', currentPodHash: 'p2' } as const;

describe('what others do to a service that is only observed', () => {
  it.each<[string, Partial<ServiceSeen>, unknown]>([
    ['nothing, while it rests', {}, { kind: 'nothing' }],
    [
      'nothing, where the same digest got a tag',
      { views: [view({ web: `ghcr.io/acme/web:1.7@sha256:${'a'.repeat(64)}` })] },
      { kind: 'nothing' },
    ],
    [
      'nothing, where somebody put a container beside it',
      { views: [view({ ...OLD, proxy: 'envoy:1' })] },
      { kind: 'nothing' },
    ],
    ['a commit, before the cluster shows it', { commits: [COMMIT] }, { kind: 'began', commits: [COMMIT] }],
    [
      'a canary, whoever wrote it where',
      { views: [view(NEW, MOVING)] },
      { kind: 'began', images: NEW, commits: [] },
    ],
    [
      'the canary that a commit brought',
      { open: change({ commits: [COMMIT] }), views: [view(NEW, MOVING)] },
      { kind: 'more', images: NEW, commits: [] },
    ],
    ['that it goes on', { open: change({ images: NEW }), views: [view(NEW, MOVING)] }, { kind: 'nothing' }],
    [
      'that it serves, once every placement does',
      { open: change({ images: NEW }), views: [view(NEW), view(NEW)] },
      { kind: 'ended', how: 'serving' },
    ],
    [
      'that it does not serve yet, while one placement has not begun',
      { open: change({ images: NEW }), views: [view(NEW), view(OLD)] },
      { kind: 'nothing' },
    ],
    [
      'that its canary was stopped',
      { open: change({ images: NEW }), views: [view(NEW, { phase: 'Degraded', abort: true })] },
      { kind: 'ended', how: 'aborted' },
    ],
    [
      'nothing new in a canary that stays stopped',
      {
        last: change({ images: NEW, ended: { how: 'aborted', at: '2026-11-20T10:09:30.000Z' } }),
        views: [view(NEW, { phase: 'Degraded', abort: true })],
      },
      { kind: 'nothing' },
    ],
    [
      'that it was taken back',
      { open: change({ images: NEW }), views: [view(OLD)] },
      { kind: 'ended', how: 'takenBack' },
    ],
    [
      'that something else came in its place',
      { open: change({ images: NEW }), views: [view({ web: image('c') }, MOVING)] },
      { kind: 'ended', how: 'replaced' },
    ],
    ['no end yet of a commit that moved nothing', { open: change() }, { kind: 'nothing' }],
    [
      'that a commit moved nothing, five minutes later',
      { open: change({ seenAt: '2026-11-20T10:05:00.000Z' }) },
      { kind: 'ended', how: 'quiet' },
    ],
  ])('is %s', (_, seen, expected) => {
    expect(seeChange(look(seen))).toEqual(expected);
  });
});
