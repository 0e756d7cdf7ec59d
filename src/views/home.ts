import { mrkdwn } from '../domain/text/mrkdwn.ts';
import type { Block, Message } from '../ports/message.ts';
import { board } from './board.ts';
import type { Picture } from './picture.ts';
import { type EnvironmentStatus, statusBlocks } from './status.ts';
import { count } from './words.ts';

/** Cards that the home tab shows whole; each is up to four blocks of the hundred that Slack allows there. */
const MOST_CARDS = 8;

/** The App Home tab: what waits for this person first, with its buttons, then every environment. */
export function homeView({
  environments,
  forYou,
}: {
  environments: readonly EnvironmentStatus[];
  forYou: readonly Picture[];
}): Message {
  const cards = forYou
    .slice(0, MOST_CARDS)
    .flatMap((picture): Block[] => [...board(picture).blocks, { kind: 'divider' }]);
  const waiting: Block[] =
    forYou.length === 0
      ? [{ kind: 'section', text: mrkdwn`Nothing waits for you.` }]
      : [{ kind: 'header', text: `Waits for you: ${count(forYou.length, 'release')}` }, ...cards];
  return {
    text: 'Signalbox',
    blocks: [...waiting, { kind: 'header', text: 'Everywhere' }, ...statusBlocks(environments)],
  };
}
