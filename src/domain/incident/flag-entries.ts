import type { EnvironmentState } from '../environment/environment-state.ts';
import { doneOf } from '../flag/flag-change.ts';
import { settingWords } from '../flag/flag-setting.ts';
import type { TimelineEntry } from './timeline.ts';

/** Flags that were turned within a time, as lines of a timeline. `until`: absent: until now. */
export function flagEntries(
  { flags, effects }: Pick<EnvironmentState, 'flags' | 'effects'>,
  { since, until }: { since: string; until?: string | undefined },
): TimelineEntry[] {
  return flags.changes.flatMap((change): TimelineEntry[] => {
    const done = doneOf(change, effects);
    if (done === undefined || done.at < since || (until !== undefined && done.at > until)) return [];
    const says = `flag ${change.ref.key}: ${settingWords(done.before)} → ${settingWords(done.after)}`;
    return [
      {
        at: done.at,
        clock: 'signalbox',
        who: change.by,
        says,
        ...(change.urgent && { mark: 'acted' as const }),
      },
    ];
  });
}
