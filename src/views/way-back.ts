import { versionOf } from '../domain/content.ts';
import { type Mrkdwn, mrkdwn } from '../domain/text/mrkdwn.ts';
import type { Picture } from './picture.ts';
import { count, duration, list, shorten } from './words.ts';

/** Rollbacks whose time is named. */
const TOLD = 3;

/** Where a rollback would go and how long the last ones took: what approvers read before they say yes. */
export function wayBackLines({ release, wayBack }: Picture): Mrkdwn[] {
  if (wayBack === undefined || release.started || release.ended) return [];
  const { returns, none, tookMs } = wayBack;
  const words = Object.entries(returns).map(([service, known]) => `${service} ${versionOf(known.content)}`);
  const ready = words.length > 4 ? `${count(words.length, 'service')} ready` : list(words);
  const times = tookMs.slice(0, TOLD).map((ms) => duration(ms));
  const took =
    times.length === 0
      ? 'no rollback was tried here yet'
      : times.length === 1
        ? `the last rollback here took ${times[0]}`
        : `the last rollbacks here took ${list(times)}`;
  return [
    ...(words.length > 0 ? [mrkdwn`Way back: ${ready} · ${took}`] : []),
    ...(none.length > 0 ? [mrkdwn`No way back for ${shorten(list(none), 200)}: nothing ran before`] : []),
  ];
}
