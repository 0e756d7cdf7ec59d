import { join, mrkdwn } from '../domain/text/mrkdwn.ts';
import type { Message } from '../ports/message.ts';
import { board, mentionRequester } from './board.ts';
import { whyCard } from './gate-words.ts';
import { keepersOf, migrationPosts } from './migration-lines.ts';
import { notesMessage } from './notes.ts';
import type { Picture } from './picture.ts';
import { recoveryBoard, stageWords } from './recovery-board.ts';
import { holdWords } from './wait-words.ts';
import { shorten } from './words.ts';

/** A message that a release has to say. */
export interface Post {
  /** Unique for the release; the receipt of the post is kept under it. */
  key: string;
  /** Key of the post in whose thread it goes; absent: in the channel itself. */
  thread?: string;
  message: Message;
  /** Drawn again whenever it changes; the others are said once and left alone. */
  live: boolean;
}

/** Key of the one message that is edited in place. */
export const BOARD = 'board';

/**
 * Everything a release has to say by now, oldest first. Five moments are posted anew and mention people: approval wanted (the
 * board itself), held, gate failed, rolling back (a rollback's board), clean. All else edits the board.
 */
export function postsOf(picture: Picture): Post[] {
  const recovery = picture.release.plan.type === 'rollback';
  const first: Post = { key: BOARD, message: recovery ? recoveryBoard(picture) : board(picture), live: true };
  return [
    first,
    ...notes(picture),
    ...verdicts(picture),
    ...migrations(picture),
    ...held(picture),
    ...clean(picture),
  ];
}

/** What is new, said once under the board; nothing where nobody can tell anything. */
function notes({ release, commitUrl }: Picture): Post[] {
  const message = release.notes && notesMessage({ name: release.name, notes: release.notes, commitUrl });
  return message ? [{ key: 'notes', thread: BOARD, message, live: false }] : [];
}

/** Verdicts that are no pass; passes fold into the board. */
function verdicts({ release }: Picture): Post[] {
  return release.judgements
    .filter((judgement) => judgement.verdict !== 'pass')
    .map((judgement) => ({
      key: `gate/${judgement.gate}/${judgement.moment.placement}/${judgement.moment.step}/${judgement.at}`,
      thread: BOARD,
      message: whyCard(judgement),
      live: false,
    }));
}

/** That a contract migration may run, and that it has: whoever keeps the database is told, and what it means for the way back. */
function migrations(picture: Picture): Post[] {
  return migrationPosts(picture).map(({ key, message }) => ({ key, thread: BOARD, message, live: false }));
}

/** Each time it was held, asked once and drawn again when somebody has decided. */
function held(picture: Picture): Post[] {
  return picture.release.holds.map((each) => ({
    key: `held/${each.at}`,
    message: each.decided ? decidedHold(picture, each) : openHold(picture, each),
    live: true,
  }));
}

type Hold = Picture['release']['holds'][number];

function holdLine({ release }: Picture, { reason }: Hold): string {
  return shorten(`${release.environment} HELD · ${holdWords(reason)}`, 150);
}

function decidedHold(picture: Picture, hold: Hold): Message {
  const text = holdLine(picture, hold);
  const by = hold.decided ? picture.nameOf(hold.decided.by) : '';
  return { text, blocks: [{ kind: 'section', text: mrkdwn`${text}\n${hold.decided?.says ?? ''} by ${by}` }] };
}

function openHold(picture: Picture, hold: Hold): Message {
  const { release, environment, mentionRole } = picture;
  const text = holdLine(picture, hold);
  const keepers = keepersOf(release, hold.reason);
  const roles = [...new Set([...keepers, ...environment.may.resume, ...environment.may.rollback])];
  return {
    text,
    blocks: [
      {
        kind: 'section',
        text: mrkdwn`*${text}*\n${release.name} waits for a decision: ${join(roles.map(mentionRole), ' ')}`,
      },
      {
        kind: 'buttons',
        buttons: [
          {
            label: 'Abort and put back',
            style: 'danger',
            does: { kind: 'abort', release: release.name, environment: release.environment, saw: 'held' },
            confirm: {
              title: 'Abort and put back?',
              text: `${release.name} goes back to what was verified in ${release.environment}.`,
              yes: 'Abort',
              no: 'Wait',
            },
          },
          { label: 'Open an incident', does: { kind: 'incidentForm', release: release.id } },
        ],
      },
    ],
  };
}

function clean(picture: Picture): Post[] {
  const { release } = picture;
  if (release.stages.clean === undefined) return [];
  const words = stageWords(picture);
  return [
    {
      key: 'clean',
      thread: BOARD,
      message: {
        text: `${release.environment}: ${words}`,
        blocks: [{ kind: 'section', text: mrkdwn`*${words}*   ${mentionRequester(picture)}` }],
      },
      live: false,
    },
  ];
}
