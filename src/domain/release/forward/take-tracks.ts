import { policyOf } from '../../actor.ts';
import { epochsOf, nextEpochs, trackInTheWay } from '../../environment/environment-state.ts';
import { tracksOf } from '../../plan/tracks.ts';
import { emptyTurn, type Look, type Turn, waitFor } from '../look.ts';

/** One train to a track: all tracks in one append, or wait and say which one and who holds it. */
export function takeTracks(look: Look): Turn | undefined {
  const { release, environment } = look;
  if (release.started) return undefined;
  const { exclusive, shared } = tracksOf(release.plan);
  const inTheWay = trackInTheWay(environment, { release: release.id, exclusive, shared });
  if (inTheWay) return waitFor({ kind: 'track', ...inTheWay });
  if (look.hotfixAhead) return waitFor({ kind: 'track', ...look.hotfixAhead });
  const epochs = nextEpochs(environment, exclusive);
  const actor = policyOf(release.environment);
  return {
    ...emptyTurn(),
    record: {
      environment: [
        {
          kind: 'tracks.taken',
          actor,
          data: { release: release.id, exclusive: epochs, shared: epochsOf(environment, shared) },
        },
        ...(release.plan.flags
          ? [
              {
                kind: 'flags.brought' as const,
                actor,
                data: { release: release.id, flags: release.plan.flags },
              },
            ]
          : []),
      ],
      release: [{ kind: 'release.started', actor, data: { epochs } }],
    },
    raises: epochs,
  };
}
