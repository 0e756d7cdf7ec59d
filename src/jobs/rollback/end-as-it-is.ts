import type { Actor } from '../../domain/actor.ts';
import { type ReleaseId, splitReleaseId } from '../../domain/ids.ts';
import {
  CUT_EFFECT,
  holdsTracks,
  openIntents,
  type ReleaseState,
} from '../../domain/release/release-state.ts';
import { UnavailableError } from '../../errors.ts';
import type { Answer } from '../../ports/message.ts';
import { notDone } from '../../views/answers.ts';
import { endedAsItIs, stillActing } from '../../views/rollback-plan.ts';
import { readEnvironment, readRelease } from '../read-state.ts';
import { asTracks, stamp, writeTo } from '../record.ts';
import { ringUnfinished } from '../record-turn.ts';
import type { Asked, Desk } from '../requests/asked.ts';

/** Others may append in the same moment this often before the person is told to try again. */
const MAX_TRIES = 20;

/**
 * Ends a started release none of whose services can go back, on the word of a person: without it nothing could move its tracks
 * ever again. Nothing is undone; what it wrote stays. One append ends it and frees its tracks, on the condition that it still
 * holds them and has nothing under way. Absent when it is not such a release (any more).
 */
export async function endAsItIs(
  { ports }: Pick<Desk, 'ports'>,
  asked: Asked<'abort'>,
  { id, because }: { id: ReleaseId; because: string },
): Promise<Answer | undefined> {
  const actor: Actor = { kind: 'person', id: asked.by.id, via: asked.via };
  for (let i = 0; i < MAX_TRIES; i++) {
    const [release, environment] = await Promise.all([
      readRelease(ports.ledger, id),
      readEnvironment(ports, splitReleaseId(id).environment),
    ]);
    if (release === undefined || !holdsTracks(release.state)) return undefined;
    const { state } = release;
    if (openIntents(state).length > 0) return stillActing(state.name);
    const services = Object.keys(state.plan.services);
    const written = hasWritten(state);
    const reason = asked.request.reason ?? `ended by ${asked.by.name}: ${because}`;
    const outcome = written ? ('failed' as const) : ('cancelled' as const);
    const by = { actor, cause: asked.id };
    const appended = await ports.ledger.append({
      operation: `request:${asked.id}`,
      writes: [
        writeTo(
          release.at,
          [stamp(ports.clock, { kind: 'release.ended', ...by, data: { outcome, reason } })],
          id,
        ),
        writeTo(
          environment.at,
          [stamp(ports.clock, { kind: 'tracks.freed', ...by, data: { release: id, services } })],
          id,
        ),
      ],
      fences: asTracks(state.environment, state.started?.epochs ?? {}),
      raises: {},
    });
    if (appended.kind === 'readOnly')
      return notDone(`${state.name} can't be changed by this version of me: ${appended.reason}.`);
    if (appended.kind === 'conflict' || appended.kind === 'fenced') continue;
    await ringUnfinished(ports, state.environment);
    await ports.bells.ring({ kind: 'release', release: id });
    return endedAsItIs({ name: state.name, because, written });
  }
  throw new UnavailableError(`${id} is changing faster than this gets in`, { retryAfterMs: 500 });
}

/** Whether it committed anything but its own branch: what Git refused is not there. */
function hasWritten({ effects }: ReleaseState): boolean {
  return Object.entries(effects).some(
    ([id, { intent, status }]) =>
      id !== CUT_EFFECT && intent.effect.kind === 'git.commit' && status.kind === 'done',
  );
}
