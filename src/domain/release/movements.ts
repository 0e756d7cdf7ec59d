import { SYSTEM } from '../actor.ts';
import type { ServiceName } from '../ids.ts';
import { type Look, record, seen, type Turn } from './look.ts';

/**
 * Records where canaries went since the last look: a phase, a pod hash or a step, never a weight on its way, so that a release
 * of sixty services stays readable.
 */
export function recordMovements(
  look: Look,
  placements: readonly { service: ServiceName; id: string }[],
): Turn | undefined {
  const moved = placements.flatMap(({ service, id }) => {
    const view = seen(look, id);
    if (view === undefined || !view.observed) return [];
    const before = look.release.movements[id];
    const { phase, currentPodHash: podHash, stepIndex: step, weight } = view;
    if (before?.phase === phase && before.podHash === podHash && before.step === step) return [];
    const data = {
      service,
      placement: id,
      phase,
      podHash,
      ...(step !== undefined && { step }),
      ...(weight !== undefined && { weight }),
    };
    return [{ kind: 'service.moved' as const, actor: SYSTEM, data }];
  });
  return moved.length === 0 ? undefined : record(...moved);
}
