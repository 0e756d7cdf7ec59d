import type { WindowStanding } from '../domain/calendar/windows.ts';
import type { ReleaseId } from '../domain/ids.ts';
import { join, type Mrkdwn, mrkdwn, when } from '../domain/text/mrkdwn.ts';
import type { Answer, Block } from '../ports/message.ts';
import { stateWords } from './board.ts';
import { checklistTally } from './checklist.ts';
import { type ChangePicture, changeLine } from './observed.ts';
import type { Picture } from './picture.ts';
import { waitWords } from './wait-words.ts';
import { count } from './words.ts';

/** What runs and moves in one environment. */
export interface EnvironmentStatus {
  name: string;
  /** Releases that have not ended, oldest first. */
  moving: Picture[];
  /** The newest release that ended proved; absent before the first. */
  verified?: { release: ReleaseId; at: string } | undefined;
  /** Whether something may begin there. */
  changes?: WindowStanding;
  /** Services with trusted content. */
  services: number;
  /** Nothing is written there. Absent: it is acted on. */
  observeOnly?: true | undefined;
  /** What others change there now, where only is looked. */
  observed: readonly ChangePicture[];
}

/** `/release status`: an environment a line, what is in everybody's way, then what waits for the one who asks. */
export function statusOf(
  environments: readonly EnvironmentStatus[],
  {
    forYou,
    catalogTrouble,
    catalogNotice,
  }: {
    forYou: readonly Picture[];
    catalogTrouble: string | undefined;
    /** Why it may be old; it is used all the same. */
    catalogNotice?: string | undefined;
  },
): Answer {
  const blocks = statusBlocks(environments);
  if (catalogTrouble !== undefined) {
    blocks.push({
      kind: 'section',
      text: mrkdwn`*The catalog can't be used until somebody mends it.* Nothing new is cut or taken up; what is under way goes on, and rollbacks work.\n${catalogTrouble}`,
    });
  }
  if (catalogNotice !== undefined) blocks.push({ kind: 'section', text: mrkdwn`${catalogNotice}` });
  if (forYou.length > 0) {
    blocks.push(
      { kind: 'divider' },
      { kind: 'section', text: mrkdwn`*For you*\n${join(forYou.map(yourLine), '\n')}` },
    );
  } else {
    blocks.push({ kind: 'context', texts: [mrkdwn`Nothing waits for you.`] });
  }
  const moving = environments.reduce((sum, each) => sum + each.moving.length, 0);
  const text = `${count(moving, 'release')} under way · ${forYou.length === 0 ? 'nothing waits for you' : `${forYou.length} for you`}`;
  return { kind: 'message', message: { text, blocks } };
}

/** One section for each environment. */
export function statusBlocks(environments: readonly EnvironmentStatus[]): Block[] {
  return environments.map((environment) => ({ kind: 'section', text: environmentLines(environment) }));
}

function environmentLines(environment: EnvironmentStatus): Mrkdwn {
  const { name, moving, verified, services, observeOnly, observed, changes } = environment;
  const rests = verified
    ? mrkdwn`verified ${verified.release.split('/')[1] ?? ''} ${when(verified.at, 'date')}`
    : mrkdwn`${services > 0 ? `${count(services, 'service')} adopted, nothing released yet` : 'nothing known yet'}`;
  const lines = moving.map(
    (picture) =>
      mrkdwn`        ${picture.release.name}   ${stateWords(picture)}${items(picture)}${waits(picture)}`,
  );
  const mode = observeOnly ? mrkdwn` · observe only` : mrkdwn``;
  const head = mrkdwn`*${name}*   ${rests}${mode}${closedWords(changes)}`;
  return join([head, ...lines, ...observed.map(changeLine)], '\n');
}

/** Closed now and until when, or closed within the day. */
function closedWords(changes: WindowStanding | undefined): Mrkdwn {
  if (changes?.kind === 'closed') {
    const until =
      changes.opensAt === undefined
        ? mrkdwn`until it is lifted`
        : mrkdwn`until ${when(changes.opensAt, 'date')}`;
    const what = changes.service === undefined ? '' : ` for ${changes.service}`;
    return mrkdwn`   *closed*${what} ${until} (${changes.window}: ${changes.reason})`;
  }
  return changes?.closes
    ? mrkdwn`   closes ${when(changes.closes.at, 'date')} (${changes.closes.window})`
    : mrkdwn``;
}

function items({ checklist }: Picture): string {
  return checklist === undefined || checklist.length === 0
    ? ''
    : ` · ${checklistTally(checklist).toLowerCase()}`;
}

function waits({ progress }: Picture): Mrkdwn {
  const [first] =
    progress?.waits.filter(
      (wait) => wait.kind === 'track' || wait.kind === 'merge' || wait.kind === 'window',
    ) ?? [];
  return first ? mrkdwn` · waits for ${waitWords(first)}` : mrkdwn``;
}

function yourLine(picture: Picture): Mrkdwn {
  const { release, approval } = picture;
  const until = approval.kind === 'waiting' ? mrkdwn`, ends ${when(approval.expiresAt)}` : mrkdwn``;
  return mrkdwn`approve ${release.name} for ${release.environment} (asked ${when(release.askedAt)}${until})`;
}
