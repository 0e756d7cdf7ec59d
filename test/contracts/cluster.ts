import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/domain/actor.ts';
import { type Placement, placementId } from '../../src/domain/catalog/placement.ts';
import { Content } from '../../src/domain/content.ts';
import { proveContent } from '../../src/domain/rollout/prove-content.ts';
import type { RolloutView } from '../../src/domain/rollout/rollout-view.ts';
import type { Cluster, ClusterDone, ClusterEffect } from '../../src/ports/cluster.ts';

/** Clusters to be judged, and what happens in them beside us. */
export interface ClusterUnderTest {
  cluster: Cluster;
  /** Name of the one cluster that is configured. */
  name: string;
  /**
   * A new Rollout of 4 replicas whose container is named like it and runs this digest; a canary with the steps 25 %, wait
   * for somebody, 50 %, wait for somebody. Watched from now on.
   */
  rollout(digest: string): Promise<Placement>;
  /** Somebody else changes the pod template to this digest, as a GitOps agent does. */
  deploy(placement: Placement, digest: string): Promise<void>;
  /** An Application of Argo CD for the placement; it is OutOfSync. */
  withApplication(placement: Placement): Promise<Placement>;
  /** Lets time pass until it holds; fails when it never does. */
  until(what: string, holds: () => boolean): Promise<void>;
  /** May write, as RBAC says. */
  person: Actor;
  /** Whom the API server refuses. */
  stranger: Actor;
  /** Nothing can be reached until the answer is called. */
  goAway(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

const V1 = `sha256:${'1'.repeat(64)}`;
const V2 = `sha256:${'2'.repeat(64)}`;
const V3 = `sha256:${'3'.repeat(64)}`;
const RECOVERY: Actor = { kind: 'recovery', id: 'signalbox:recovery' };

/** What every cluster does. Each case has a Rollout of its own in one cluster. */
export function clusterContract(name: string, make: () => Promise<ClusterUnderTest>): void {
  describe(`clusters, ${name}`, () => {
    let subject: ClusterUnderTest;
    let cluster: Cluster;
    beforeAll(async () => {
      subject = await make();
      cluster = subject.cluster;
    });
    afterAll(() => subject.close());

    const seen = (placement: Placement): RolloutView | undefined => {
      const observed = cluster.observe(placement);
      return observed.kind === 'seen' ? observed.rollout : undefined;
    };
    const view = (placement: Placement): RolloutView => {
      const found = seen(placement);
      if (found === undefined) throw new Error(JSON.stringify(cluster.observe(placement)));
      return found;
    };
    const until = (placement: Placement, what: string, holds: (rollout: RolloutView) => boolean) =>
      subject.until(`${placementId(placement)} ${what}`, () => {
        const found = seen(placement);
        return found !== undefined && holds(found);
      });
    const where = ({ cluster: of, namespace, rollout }: Placement) => ({ cluster: of, namespace, rollout });
    const content = ({ rollout }: Placement, digest: string) =>
      Content.parse({ images: { [rollout]: { repository: 'reg/app', digest } } });
    const proved = (placement: Placement, digest: string) =>
      proveContent(view(placement), content(placement, digest), placementId(placement));

    /** Healthy on the first version. */
    const healthy = async (): Promise<Placement> => {
      const placement = await subject.rollout(V1);
      await until(placement, 'is healthy', ({ phase, observed }) => observed && phase === 'Healthy');
      return placement;
    };
    /** At the first pause of a canary to the second version. */
    const paused = async (): Promise<Placement> => {
      const placement = await healthy();
      await subject.deploy(placement, V2);
      await until(placement, 'pauses', ({ pauses, phase }) => phase === 'Paused' && pauses.length === 1);
      return placement;
    };
    const aborted = async (): Promise<Placement> => {
      const placement = await paused();
      expect((await abort(placement)).kind).toBe('done');
      await until(
        placement,
        'is back on stable',
        ({ phase, weight }) => phase === 'Degraded' && weight === 0,
      );
      return placement;
    };
    const perform = (effect: ClusterEffect, actor = subject.person): Promise<ClusterDone> =>
      cluster.perform(effect, actor);
    const abort = (placement: Placement, actor?: Actor, podHash = view(placement).currentPodHash) =>
      perform({ kind: 'rollout.abort', ...where(placement), podHash }, actor);
    const resumeOf = (placement: Placement): ClusterEffect => {
      const { currentPodHash: podHash, generation, stepIndex = 0, pauses } = view(placement);
      const pauseStart = pauses[0]?.startTime ?? '';
      return { kind: 'rollout.resume', ...where(placement), podHash, generation, stepIndex, pauseStart };
    };
    const promoteFull = (placement: Placement) => {
      const { currentPodHash: podHash, generation } = view(placement);
      return perform({ kind: 'rollout.promoteFull', ...where(placement), podHash, generation });
    };
    const undo = (placement: Placement, digest: string, actor?: Actor) =>
      perform(
        { kind: 'rollout.undo', ...where(placement), images: { [placement.rollout]: [digest] } },
        actor,
      );
    const onlyVerb = (placement: Placement, kind: 'rollout.pause' | 'rollout.retry') =>
      perform({ kind, ...where(placement), podHash: view(placement).currentPodHash });

    describe('seeing', () => {
      it('shows a healthy Rollout, and the same when it looks', async () => {
        const placement = await healthy();
        expect(proved(placement, V1)).toMatchObject({ kind: 'proved', proof: { pods: 4 } });
        const looked = await cluster.look(placement);
        expect(looked).toEqual({ kind: 'seen', rollout: view(placement), staleMs: 0 });
      });

      it('says that there is none, and that a cluster is not configured', async () => {
        const placement = await healthy();
        const none = { ...placement, rollout: 'nobody' };
        expect(cluster.observe(none)).toEqual({ kind: 'missing' });
        expect(await cluster.look(none)).toEqual({ kind: 'missing' });
        const nowhere = { ...placement, cluster: 'atlantis' };
        expect(cluster.observe(nowhere)).toMatchObject({ kind: 'unknown' });
        expect(await cluster.look(nowhere)).toMatchObject({ kind: 'unknown' });
      });

      it('shows a canary at its pause, with both versions and their pods', async () => {
        const placement = await paused();
        const rollout = view(placement);
        expect(rollout).toMatchObject({
          strategy: 'canary',
          stepIndex: 1,
          weight: 25,
          desiredWeight: 25,
          abort: false,
        });
        expect(rollout.pauses[0]?.reason).toBe('CanaryPauseStep');
        const pods = rollout.replicaSets.map(({ podHash, readyPods }) => [podHash, readyPods.length]);
        expect(pods).toEqual([
          [rollout.currentPodHash, 1],
          [rollout.stablePodHash, 3],
        ]);
        expect(proved(placement, V2).kind).toBe('unproved');
      });

      it('rings for what changed, until somebody stops listening', async () => {
        const placement = await healthy();
        const rung: string[] = [];
        const stop = cluster.onChange((one) => rung.push(one));
        await subject.deploy(placement, V2);
        await until(placement, 'pauses', ({ phase }) => phase === 'Paused');
        expect(rung).toContain(placementId(placement));
        stop();
        const before = rung.length;
        await abort(placement);
        await until(placement, 'is degraded', ({ phase }) => phase === 'Degraded');
        expect(rung).toHaveLength(before);
      });

      it('shows the Application of Argo CD, also one that is not there', async () => {
        const placement = await healthy();
        const argocd = { application: 'nobody', namespace: 'argocd' };
        const looked = await cluster.look({ ...placement, argocd });
        expect(looked).toMatchObject({
          rollout: { phase: 'Healthy', application: { health: 'Missing', sync: 'Unknown' } },
        });
        const with_ = await subject.withApplication(placement);
        await until(with_, 'shows its Application', ({ application }) => application?.sync === 'OutOfSync');
      });
    });

    describe('abort', () => {
      it('brings all traffic back to stable, and leaves a receipt in the person’s name', async () => {
        const placement = await paused();
        const done = await abort(placement);
        expect(done).toMatchObject({
          kind: 'done',
          receipt: {
            how: 'done',
            kubernetes: {
              verb: 'patch',
              subresource: 'status',
              user: subject.person.id,
              groups: ['signalbox:operators'],
              status: 200,
            },
          },
        });
        await until(
          placement,
          'is back on stable',
          ({ phase, weight }) => phase === 'Degraded' && weight === 0,
        );
        await until(placement, 'has its pods', () => proved(placement, V1).kind === 'proved');
        expect(view(placement).message).toMatch(/^RolloutAborted: Rollout aborted update to revision 2/);
      });

      it('is found the second time', async () => {
        const placement = await aborted();
        expect((await abort(placement)).kind).toBe('found');
      });

      it('never hits another version, nor a finished one', async () => {
        const placement = await paused();
        expect((await abort(placement, undefined, 'other')).kind).toBe('stale');
        expect(view(placement).abort).toBe(false);
        expect((await abort(await healthy())).kind).toBe('stale');
      });

      it('also brings back what is held', async () => {
        const placement = await paused();
        await onlyVerb(placement, 'rollout.pause');
        await until(placement, 'is held', ({ pausedBySpec, observed }) => pausedBySpec && observed);
        expect((await abort(placement)).kind).toBe('done');
        await until(
          placement,
          'is back on stable',
          ({ phase, weight }) => phase === 'Degraded' && weight === 0,
        );
        await until(placement, 'has its pods', () => proved(placement, V1).kind === 'proved');
        expect((await onlyVerb(placement, 'rollout.pause')).kind).toBe('stale');
      });

      it('stops a full promotion', async () => {
        const placement = await paused();
        const { currentPodHash: podHash } = view(placement);
        expect((await promoteFull(placement)).kind).toBe('done');
        // At once, while the controller is still at it.
        const done = await abort(placement, undefined, podHash);
        expect(['done', 'stale']).toContain(done.kind);
        if (done.kind !== 'done') return;
        // One that came too late is taken back by the controller.
        await until(
          placement,
          'is stopped, or was finished before',
          ({ phase, abort: isOn, stablePodHash }) =>
            phase === 'Degraded' || (phase === 'Healthy' && !isOn && stablePodHash === podHash),
        );
      });
    });

    describe('resume', () => {
      it('goes on to the next pause, once for one click', async () => {
        const placement = await paused();
        const click = resumeOf(placement);
        expect((await perform(click)).kind).toBe('done');
        await until(
          placement,
          'pauses again',
          ({ stepIndex, phase }) => stepIndex === 3 && phase === 'Paused',
        );
        expect((await perform(click)).kind).toBe('found');
        expect(view(placement).stepIndex).toBe(3);
      });

      it('is refused on an abort and on another spec', async () => {
        const placement = await paused();
        const click = resumeOf(placement);
        await subject.deploy(placement, V3);
        await until(
          placement,
          'moves on',
          ({ currentPodHash }) => 'podHash' in click && currentPodHash !== click.podHash,
        );
        expect((await perform(click)).kind).toBe('stale');
        const other = await paused();
        const old = resumeOf(other);
        await abort(other);
        expect((await perform(old)).kind).toBe('stale');
      });

      it('also ends a hold', async () => {
        const placement = await paused();
        expect((await onlyVerb(placement, 'rollout.pause')).kind).toBe('done');
        await until(placement, 'is held', ({ pausedBySpec, observed }) => pausedBySpec && observed);
        expect((await onlyVerb(placement, 'rollout.pause')).kind).toBe('found');
        expect((await perform(resumeOf(placement))).kind).toBe('done');
        await until(placement, 'goes on', ({ stepIndex, phase }) => stepIndex === 3 && phase === 'Paused');
        expect(view(placement).pausedBySpec).toBe(false);
      });
    });

    describe('a full promotion', () => {
      it('skips the rest', async () => {
        const placement = await paused();
        expect((await promoteFull(placement)).kind).toBe('done');
        await until(placement, 'is healthy', ({ phase }) => phase === 'Healthy');
        await until(placement, 'is proved', () => proved(placement, V2).kind === 'proved');
        expect((await promoteFull(placement)).kind).toBe('found');
      });

      it('never ships what was aborted', async () => {
        const placement = await aborted();
        expect(await promoteFull(placement)).toMatchObject({
          kind: 'stale',
          reason: expect.stringContaining('aborted'),
        });
        expect(view(placement).stablePodHash).not.toBe(view(placement).currentPodHash);
      });
    });

    describe('retry', () => {
      it('takes the update up again', async () => {
        const placement = await aborted();
        expect((await onlyVerb(placement, 'rollout.retry')).kind).toBe('done');
        await until(placement, 'pauses', ({ phase, stepIndex }) => phase === 'Paused' && stepIndex === 1);
        expect((await onlyVerb(placement, 'rollout.retry')).kind).toBe('found');
      });
    });

    describe('undo', () => {
      it('goes to the version with these digests, past an aborted one, and stays there when it is asked again', async () => {
        const placement = await aborted();
        await subject.deploy(placement, V3);
        await until(
          placement,
          'pauses',
          ({ phase, images }) => phase === 'Paused' && images[placement.rollout]?.endsWith(V3) === true,
        );
        expect((await undo(placement, V1)).kind).toBe('done');
        await until(placement, 'is healthy', ({ phase, observed }) => observed && phase === 'Healthy');
        await until(placement, 'is proved', () => proved(placement, V1).kind === 'proved');
        expect((await undo(placement, V1)).kind).toBe('found');
        expect(view(placement).images[placement.rollout]).toContain(V1);
      });

      it('says when no ReplicaSet has them', async () => {
        expect((await undo(await healthy(), V3)).kind).toBe('missing');
      });
    });

    describe('who may', () => {
      it('is the API server’s to say: a refusal changes nothing and is recorded', async () => {
        const placement = await paused();
        expect(await abort(placement, subject.stranger)).toMatchObject({
          kind: 'forbidden',
          receipt: { kubernetes: { user: subject.stranger.id, status: 403 } },
        });
        expect(await cluster.look(placement)).toMatchObject({ rollout: { abort: false } });
      });

      it('is recovery for abort, undo and full promotion, and for nothing else', async () => {
        const placement = await paused();
        expect((await perform(resumeOf(placement), RECOVERY)).kind).toBe('forbidden');
        expect((await abort(placement, RECOVERY)).kind).toBe('done');
        expect((await undo(placement, V1, RECOVERY)).kind).toBe('done');
      });

      it('is never the program itself', async () => {
        const placement = await paused();
        await expect(abort(placement, { kind: 'system', id: 'signalbox' })).rejects.toThrow(/never writes/);
      });
    });

    describe('refresh', () => {
      it('asks Argo CD, in the person’s name', async () => {
        const { argocd } = await subject.withApplication(await healthy());
        const effect: ClusterEffect = {
          kind: 'argocd.refresh',
          cluster: subject.name,
          namespace: argocd?.namespace ?? '',
          application: argocd?.application ?? '',
        };
        expect(await perform(effect)).toMatchObject({
          kind: 'done',
          receipt: { kubernetes: { user: subject.person.id } },
        });
        expect((await perform({ ...effect, application: 'nobody' })).kind).toBe('missing');
      });
    });

    describe('a cluster that is away', () => {
      it('makes writes unavailable and looks unknown, and what is remembered older', async () => {
        const placement = await paused();
        const podHash = view(placement).currentPodHash;
        const back = await subject.goAway();
        await expect(abort(placement, undefined, podHash)).rejects.toMatchObject({
          name: 'UnavailableError',
        });
        expect(await cluster.look(placement)).toMatchObject({ kind: 'unknown' });
        await back();
        expect((await abort(placement, undefined, podHash)).kind).toBe('done');
        await until(placement, 'is degraded', ({ phase }) => phase === 'Degraded');
      });
    });

    it('says that the Rollout of an effect is not there', async () => {
      const placement = { ...(await healthy()), rollout: 'nobody' };
      const effect: ClusterEffect = { kind: 'rollout.abort', ...where(placement), podHash: 'x' };
      expect((await perform(effect)).kind).toBe('missing');
      expect((await undo(placement, V1)).kind).toBe('missing');
    });
  });
}
