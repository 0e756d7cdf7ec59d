import { type Placement, placementId } from '../../catalog/placement.ts';
import { asksFor } from '../../content.ts';
import type { Moment } from '../../gate/planned-gate.ts';
import type { ServiceName } from '../../ids.ts';
import type { Proof } from '../../ledger/release-facts.ts';
import type { PlannedService } from '../../plan/plan.ts';
import { proveContent } from '../../rollout/prove-content.ts';
import type { RolloutView } from '../../rollout/rollout-view.ts';
import { scaledToZero } from '../../rollout/scaled-to-zero.ts';
import type { Look, Wait } from '../look.ts';

/** Where one placement stands on its way to the new content. */
export type Standing =
  | { kind: 'waiting'; wait: Wait }
  /** Its controller has not seen the present spec yet. */
  | { kind: 'unheard'; view: RolloutView }
  /** It cannot get there: the controller gave up, or somebody stopped it. */
  | { kind: 'failed'; says: string; view: RolloutView }
  /** Its own analysis could not tell: always a person. */
  | { kind: 'undecided'; moment: Moment; says: string }
  | {
      kind: 'paused';
      moment: Moment;
      view: RolloutView /** Ends by itself then; absent: never. */;
      until?: number;
    }
  /** No pod is asked for, so that nothing can prove anything: always a person. */
  | { kind: 'empty'; moment: Moment }
  | { kind: 'serving'; proof: Proof };

/** One service at one placement, as a look finds it. */
export interface Place {
  service: ServiceName;
  planned: PlannedService;
  placement: Placement;
  id: string;
}

export function placesOf(look: Look, services: readonly ServiceName[]): Place[] {
  return services.flatMap((service) => {
    const planned = look.release.plan.services[service];
    if (planned === undefined) return [];
    return planned.placements.map((placement) => ({
      service,
      planned,
      placement,
      id: placementId(placement),
    }));
  });
}

export function standingOf(look: Look, place: Place): Standing {
  const observed = look.observed[place.id];
  if (observed === undefined || observed.kind === 'unknown') {
    return waiting({ kind: 'cluster', placement: place.id, says: observed?.reason ?? 'not looked at yet' });
  }
  if (observed.kind === 'missing') {
    return waiting({
      kind: 'rollout',
      service: place.service,
      placement: place.id,
      says: `there is no Rollout ${place.id}`,
    });
  }
  return standingOfRollout(look, place, observed.rollout);
}

function standingOfRollout(look: Look, place: Place, view: RolloutView): Standing {
  const where = { service: place.service, placement: place.id };
  if (!asksFor(view.images, place.planned.to))
    return waiting({ kind: 'sync', ...where, says: syncSays(view) });
  if (!view.observed) return { kind: 'unheard', view };
  switch (view.phase) {
    case 'Degraded':
      return { kind: 'failed', says: view.message, view };
    case 'Paused':
      return paused(look, place, view);
    case 'Progressing':
      return waiting({ kind: 'rollout', ...where, says: view.message || 'progressing' });
    case 'Healthy': {
      const proved = proveContent(view, place.planned.to, place.id);
      if (proved.kind === 'proved') return { kind: 'serving', proof: proved.proof };
      return empty(look, place, view) ?? waiting({ kind: 'rollout', ...where, says: proved.reason });
    }
  }
}

/** Scaled to zero. What proved itself to this release before that has not become another content since. */
function empty(look: Look, place: Place, view: RolloutView): Standing | undefined {
  const found = scaledToZero(view, place.planned.to);
  if (found === undefined) return undefined;
  const { podHash } = found;
  const known = look.release.proofs[place.id]?.proof;
  if (known?.podHash === podHash) return { kind: 'serving', proof: known };
  const since = look.release.movements[place.id]?.at ?? look.release.cutAt;
  return { kind: 'empty', moment: { placement: place.id, podHash, step: 'postDeploy', since } };
}

function paused(look: Look, place: Place, view: RolloutView): Standing {
  const [pause] = view.pauses;
  const moment: Moment = {
    placement: place.id,
    podHash: view.currentPodHash,
    step: view.stepIndex ?? 0,
    since: pause?.startTime ?? look.release.movements[place.id]?.at ?? look.release.cutAt,
  };
  if (pause?.reason.startsWith('Inconclusive')) return { kind: 'undecided', moment, says: view.message };
  const step = view.steps[view.stepIndex ?? -1];
  const seconds =
    pause?.reason === 'CanaryPauseStep' && step?.kind === 'pause' ? step.durationSeconds : undefined;
  const until =
    seconds === undefined || view.pausedBySpec ? undefined : Date.parse(moment.since) + seconds * 1000;
  return { kind: 'paused', moment, view, ...(until !== undefined && { until }) };
}

function syncSays(view: RolloutView): string {
  const { application } = view;
  if (application === undefined) return 'the cluster does not show the new digest yet';
  const message = application.message ? `: ${application.message}` : '';
  return `Argo CD is ${application.sync} at ${application.revision.slice(0, 8)}${message}`;
}

function waiting(wait: Wait): Standing {
  return { kind: 'waiting', wait };
}
