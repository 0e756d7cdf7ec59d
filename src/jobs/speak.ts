import { policyOf } from '../domain/actor.ts';
import { type ReleaseId, releaseStream } from '../domain/ids.ts';
import type { ReleaseState } from '../domain/release/release-state.ts';
import type { Rules } from '../domain/rules.ts';
import { UnavailableError } from '../errors.ts';
import type { Ports } from '../ports/ports.ts';
import type { Picture } from '../views/picture.ts';
import { type Post, postsOf } from '../views/posts.ts';
import { drawPicture, type PicturePorts } from './draw-picture.ts';
import { readRelease } from './read-state.ts';
import { writeTo } from './record.ts';
import { drawAgain, placeOf, type SayPorts, sayOnce } from './say-once.ts';

export type SpeakPorts = PicturePorts & SayPorts & Pick<Ports, 'bells'>;

/** Tried again after this when the workspace cannot be reached and does not say when. */
const RETRY_MS = 5_000;

/** Somebody has to do something in the workspace first: invite the bot, unarchive a channel. */
const REFUSED_RETRY_MS = 60_000;

/**
 * Says what a release has to say and has not said yet, and draws its live messages again where they changed. Facts are the only
 * source: any message can be said or drawn again after anything was lost.
 */
export async function speakOfRelease(ports: SpeakPorts, rules: Rules, id: ReleaseId): Promise<void> {
  const picture = await drawPicture(ports, rules, id);
  if (picture === undefined) return;
  try {
    let { release } = picture;
    for (const post of postsOf(picture)) release = await say(ports, { ...picture, release }, post);
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    return ports.bells.ring({ kind: 'speak', subject: id }, { delayMs: error.retryAfterMs ?? RETRY_MS });
  }
  if (picture.release.ended) await closeEnded(ports, picture.release);
}

/** The release as it is afterwards: what was posted now may be the thread of what comes next. */
async function say(ports: SpeakPorts, { release, environment }: Picture, post: Post): Promise<ReleaseState> {
  const { effects } = release;
  const saying = {
    stream: releaseStream(release.id),
    effects,
    key: post.key,
    channel: environment.channel,
    thread: post.thread && placeOf(effects[`say/${post.thread}`])?.ts,
    message: post.message,
    by: policyOf(release.environment),
  };
  const spoken = await sayOnce(ports, saying);
  if (spoken.kind === 'refused') {
    throw new UnavailableError(`${environment.channel}: ${spoken.reason}`, {
      retryAfterMs: REFUSED_RETRY_MS,
    });
  }
  const again = post.live && (await drawAgain(ports, saying, { said: spoken, urgent: isUrgent(release) }));
  // Nothing was sent, so no time has passed.
  if (!again && placeOf(effects[`say/${post.key}`])) return release;
  return (await readRelease(ports.ledger, release.id))?.state ?? release;
}

/**
 * Everything is said: the sweep need not look at this release again. Not when it was taken back, or ended otherwise, since it was
 * drawn: then there is more to say.
 */
async function closeEnded(
  { ledger, bells }: Pick<Ports, 'ledger' | 'bells'>,
  drawn: ReleaseState,
): Promise<void> {
  const reading = await readRelease(ledger, drawn.id);
  if (reading === undefined) return;
  const { state, at } = reading;
  const isDrawn = state.ended?.at === drawn.ended?.at && state.takenBack?.at === drawn.takenBack?.at;
  const closing = { fences: {}, raises: {}, closes: [at.stream], writes: [writeTo(at, [], drawn.id)] };
  if (isDrawn && (await ledger.append(closing)).kind !== 'conflict') return;
  await bells.ring({ kind: 'speak', subject: drawn.id });
}

function isUrgent(release: ReleaseState): boolean {
  return release.plan.type === 'rollback' || release.hold !== undefined || release.takenBack !== undefined;
}
