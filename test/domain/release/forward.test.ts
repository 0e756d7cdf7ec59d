import { describe, expect, it } from 'vitest';
import { nextTurn } from '../../../src/domain/release/next-turn.ts';
import {
  ANA,
  BEN,
  content,
  digest,
  effects,
  gate,
  pausedAt,
  plan,
  planned,
  RELEASE,
  START,
  Stage,
} from './fixtures.ts';
import { judged, moment, settled, underWay, withGate } from './gated.ts';

describe('before a release moves', () => {
  it('puts its manifest on its own branch, with the trailers that name its people', () => {
    const turn = nextTurn(new Stage().look());
    const [intent] = turn.perform.flat();
    expect(intent).toMatchObject({
      id: 'cut',
      onBehalfOf: { kind: 'person', id: ANA },
      effect: { kind: 'git.commit', branch: `release/${RELEASE}`, startFrom: 'main', keys: [] },
    });
    const trailers = intent?.effect.kind === 'git.commit' ? Object.fromEntries(intent.effect.trailers) : {};
    expect(trailers).toMatchObject({ 'Release-Id': RELEASE, 'Manifest-Hash': 'hash', 'Requested-By': ANA });
  });

  it('waits for approvals and says whose', () => {
    const stage = new Stage();
    stage.done(nextTurn(stage.look()));
    const missing = [{ role: 'release-managers', roles: ['release-managers'], count: 1, services: [] }];
    stage.approval = { kind: 'waiting', missing, expiresAt: START + 10 };
    expect(nextTurn(stage.look()).waits).toEqual([{ kind: 'approval', missing, until: START + 10 }]);
  });

  it('ends unapproved when its time is over', () => {
    const stage = new Stage();
    stage.done(nextTurn(stage.look()));
    stage.approval = { kind: 'waiting', missing: [], expiresAt: START };
    expect(nextTurn(stage.look()).record.release).toMatchObject([
      { kind: 'release.ended', data: { outcome: 'expired' } },
    ]);
  });

  it('voids its approvals when somebody else pushes to its branch, and then waits for a person', () => {
    const stage = new Stage();
    stage
      .done(nextTurn(stage.look()))
      .add({ kind: 'approval.granted', data: { planHash: 'plan-1', person: BEN, roles: [] } });
    stage.branchHead = { commit: 'foreign', author: 'Mallory' };
    const turn = nextTurn(stage.look());
    expect(turn.record.release).toMatchObject([
      { kind: 'approvals.voided', data: { head: 'foreign', author: 'Mallory' } },
    ]);
    stage.take(turn);
    expect(stage.state.approvals).toEqual([]);
    expect(nextTurn(stage.look()).waits).toMatchObject([{ kind: 'adoption', head: 'foreign' }]);
  });

  it('takes all its tracks at once, with new epochs', () => {
    const stage = new Stage();
    stage.done(nextTurn(stage.look()));
    const turn = nextTurn(stage.look());
    expect(turn.raises).toEqual({ 'orders-api': 1, payments: 1 });
    expect(turn.record.environment).toMatchObject([
      { kind: 'tracks.taken', data: { exclusive: { 'orders-api': 1, payments: 1 } } },
    ]);
    expect(turn.record.release).toMatchObject([{ kind: 'release.started' }]);
  });

  it.each([
    ['holds a service it moves', { exclusive: { payments: 4 }, shared: {} }],
    ['depends on a service it moves', { exclusive: {}, shared: { 'orders-api': 2 } }],
  ])('waits for a release that %s, and says which', (_, data) => {
    const stage = new Stage();
    stage
      .done(nextTurn(stage.look()))
      .addToEnvironment({ kind: 'tracks.taken', data: { release: 'prod/search-2026-11-20.1', ...data } });
    expect(nextTurn(stage.look()).waits).toMatchObject([
      { kind: 'track', holder: 'prod/search-2026-11-20.1' },
    ]);
  });

  it('runs beside a release whose tracks it does not touch', () => {
    const stage = new Stage();
    stage.done(nextTurn(stage.look())).addToEnvironment({
      kind: 'tracks.taken',
      data: { release: 'prod/search-2026-11-20.1', exclusive: { search: 1 }, shared: {} },
    });
    expect(nextTurn(stage.look()).record.release).toMatchObject([{ kind: 'release.started' }]);
  });

  it('waits for a person after the store was restored', () => {
    const stage = new Stage();
    stage.restoreUnconfirmed = true;
    expect(nextTurn(stage.look()).waits).toEqual([{ kind: 'restoreConfirmation' }]);
  });
});

describe('a wave', () => {
  it('is one commit with the manifest and the keys of its services alone', () => {
    const stage = new Stage();
    stage.done(nextTurn(stage.look()));
    stage.take(nextTurn(stage.look())).shows('orders-api', { seed: '7' });
    const [intent] = nextTurn(stage.look()).perform.flat();
    expect(intent?.id).toBe('wave-1@gitops');
    expect(intent?.effect).toMatchObject({
      files: [{ path: 'releases/prod/release.yaml' }],
      keys: [{ file: 'clusters/prod/apps/orders-api/kustomization.yaml', value: digest('8') }],
    });
  });

  it('is not committed into a cluster that does not say what runs', () => {
    const stage = new Stage();
    stage.done(nextTurn(stage.look()));
    stage.take(nextTurn(stage.look()));
    stage.observed['main/shop/orders-api'] = { kind: 'unknown', reason: '403' };
    expect(nextTurn(stage.look())).toMatchObject({ perform: [], waits: [{ kind: 'cluster', says: '403' }] });
  });

  it('waits for the cluster to show the new digest, whatever else is Healthy', () => {
    const stage = underWay().shows('orders-api', { seed: '7' });
    expect(settled(stage).waits).toMatchObject([{ kind: 'sync', service: 'orders-api' }]);
  });

  it.each([
    ['is unknown', { kind: 'unknown' as const, reason: 'no list yet' }, 'cluster'],
    ['is missing', { kind: 'missing' as const }, 'rollout'],
  ])('waits while a Rollout %s', (_, observed, kind) => {
    const stage = underWay();
    stage.observed['main/shop/orders-api'] = observed;
    expect(settled(stage).waits).toMatchObject([{ kind }]);
  });

  it('records a canary that moved, once', () => {
    const stage = underWay().shows('orders-api', pausedAt(1));
    const turn = nextTurn(stage.look());
    expect(turn.record.release).toMatchObject([
      { kind: 'service.moved', data: { step: 1, weight: 25, phase: 'Paused' } },
    ]);
    expect(nextTurn(stage.take(turn).look()).record.release).toEqual([]);
  });

  it('starts the next one only when it is proved', () => {
    const stage = underWay().shows('orders-api', { seed: '8' });
    const proving = settled(stage);
    expect(proving.record.release).toMatchObject([{ kind: 'service.proved', data: { proof: { pods: 2 } } }]);
    expect(
      nextTurn(stage.take(proving).look())
        .perform.flat()
        .map((each) => each.id),
    ).toEqual(['wave-2@gitops']);
  });

  it('does not count pods that report another digest', () => {
    const stage = underWay().shows('orders-api', {
      seed: '8',
      replicaSets: [
        {
          podHash: 'hash-8',
          revision: 2,
          images: {},
          replicas: 2,
          leaving: false,
          readyPods: [
            { name: 'a', digests: { 'orders-api': digest('8') } },
            { name: 'b', digests: { 'orders-api': digest('7') } },
          ],
        },
      ],
    });
    expect(settled(stage).waits).toMatchObject([
      { kind: 'rollout', says: expect.stringContaining('pod b serves') },
    ]);
  });

  it('ends the release when all are proved: content verified and tracks freed in the same append', () => {
    const stage = underWay(withGate).shows('orders-api', { seed: '8' });
    stage.take(settled(stage)).add(judged('pass', { ...moment, step: 1 }));
    const turn = nextTurn(stage.look());
    expect(turn.record.release).toMatchObject([{ kind: 'release.ended', data: { outcome: 'released' } }]);
    expect(turn.record.environment.map((fact) => fact.kind)).toEqual(['content.verified', 'tracks.freed']);
    expect(turn.record.environment[0]).toMatchObject({
      data: { contents: { 'orders-api': content('orders-api', '8') } },
    });
    expect(nextTurn(stage.take(turn).look()).finished).toBe(true);
  });

  it('is held when the push is refused, and tried again when a person lets it go on', () => {
    const stage = new Stage();
    stage.done(nextTurn(stage.look()));
    stage.take(nextTurn(stage.look())).shows('orders-api', { seed: '7' });
    stage.refused(nextTurn(stage.look()), 'rejected', 'protected branch');
    const held = nextTurn(stage.look());
    expect(held.record.release).toMatchObject([
      { kind: 'release.held', data: { reason: { kind: 'pushRejected', says: 'protected branch' } } },
    ]);
    stage.take(held);
    expect(nextTurn(stage.look()).waits).toMatchObject([{ kind: 'held' }]);
    stage.add({ kind: 'release.resumed', data: { moments: [] } });
    expect(effects(nextTurn(stage.look()))).toEqual(['git.commit']);
  });

  it('waits for a merge and asks for it again', () => {
    const stage = new Stage();
    stage.done(nextTurn(stage.look()));
    stage.take(nextTurn(stage.look())).shows('orders-api', { seed: '7' });
    stage.refused(nextTurn(stage.look()), 'awaitingMerge', 'proposed on signalbox/x');
    const turn = nextTurn(stage.look());
    expect(turn.waits).toMatchObject([{ kind: 'merge', says: 'proposed on signalbox/x' }]);
    expect(effects(turn)).toEqual(['git.commit']);
  });
});

describe('a pause', () => {
  it('without end and gate waits for a person', () => {
    const stage = underWay().shows('orders-api', pausedAt(1));
    expect(settled(stage).waits).toMatchObject([{ kind: 'person', service: 'orders-api', moment }]);
  });

  it('with an end of its own and no gate is waited out', () => {
    const stage = underWay().shows('orders-api', pausedAt(3));
    expect(settled(stage).waits).toMatchObject([
      { kind: 'pause', until: Date.parse('2026-11-20T14:03:00Z') },
    ]);
  });

  it('with a gate is judged, and let go by policy when it passes', () => {
    const stage = underWay(withGate).shows('orders-api', pausedAt(1));
    expect(settled(stage).judge).toMatchObject([
      { gate: { name: 'error-rate' }, moment, stablePodHash: 'hash-7' },
    ]);
    const [intent] = nextTurn(stage.add(judged('pass')).look()).perform.flat();
    expect(intent).toMatchObject({
      onBehalfOf: { kind: 'policy', id: 'signalbox:policy:prod' },
      effect: {
        kind: 'rollout.resume',
        podHash: 'hash-8',
        stepIndex: 1,
        generation: 1,
        pauseStart: moment.since,
      },
    });
  });

  it('is not let go twice', () => {
    const stage = underWay(withGate).shows('orders-api', pausedAt(1));
    settled(stage);
    stage.add(judged('pass'));
    stage.done(nextTurn(stage.look()));
    expect(effects(nextTurn(stage.look()))).toEqual([]);
  });

  it('met again at the same step is judged again', () => {
    const stage = underWay(withGate).shows('orders-api', pausedAt(1));
    settled(stage);
    stage
      .add(judged('pass'))
      .shows(
        'orders-api',
        pausedAt(1, { pauses: [{ reason: 'CanaryPauseStep', startTime: '2026-11-20T15:00:00Z' }] }),
      );
    expect(settled(stage).judge).toHaveLength(1);
  });

  it('with an end is held by us before it ends without a verdict', () => {
    const stage = underWay(withGate).shows('orders-api', pausedAt(3));
    settled(stage);
    expect(effects(nextTurn(stage.look()))).toEqual([]);
    stage.now = Date.parse('2026-11-20T14:02:58Z');
    expect(effects(nextTurn(stage.look()))).toEqual(['rollout.pause']);
  });

  it.each(['inconclusive', 'error'] as const)(
    'with a verdict of %s is held for a person, who may let it go',
    (verdict) => {
      const stage = underWay(withGate).shows('orders-api', pausedAt(1));
      settled(stage);
      const turn = nextTurn(stage.add(judged(verdict)).look());
      expect(turn.record.release).toMatchObject([
        { kind: 'release.held', data: { reason: { kind: 'gateUnclear' } } },
      ]);
      expect(effects(nextTurn(stage.take(turn).look()))).toEqual([]);
      stage.add({ kind: 'release.resumed', data: { moments: [moment] } });
      expect(effects(nextTurn(stage.look()))).toEqual(['rollout.resume']);
    },
  );

  it('of the controller that could not tell is always a person’s', () => {
    const stage = underWay(withGate).shows(
      'orders-api',
      pausedAt(1, { pauses: [{ reason: 'InconclusiveAnalysisRun', startTime: moment.since }] }),
    );
    expect(settled(stage).record.release).toMatchObject([
      { kind: 'release.held', data: { reason: { kind: 'analysisInconclusive' } } },
    ]);
  });

  it('whose failing gate is not required goes on', () => {
    const advisory = plan({
      services: { 'orders-api': planned('orders-api', { gates: [gate({ required: false })] }) },
      waves: [['orders-api']],
    });
    const stage = underWay(advisory).shows('orders-api', pausedAt(1));
    settled(stage);
    expect(
      nextTurn(stage.add({ ...judged('fail'), data: { ...judged('fail').data, required: false } }).look())
        .recover,
    ).toBeUndefined();
  });
});
