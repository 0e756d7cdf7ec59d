import { Cron } from 'croner';

/** When a train leaves, by the clock of a place. */
export interface Timetable {
  /** Five fields: minute, hour, day of the month, month, day of the week. Source: crontab(5). */
  schedule: string;
  /** IANA name, such as `Europe/Berlin`: nine o'clock stays nine o'clock when the clocks change. */
  timeZone: string;
}

/** What is wrong with a timetable, as the end of a sentence, and with which part of it; absent when a train can keep it. */
export function timetableFault(timetable: Timetable): { part: keyof Timetable; says: string } | undefined {
  if (!isTimeZone(timetable.timeZone)) {
    return { part: 'timeZone', says: 'must be a time zone such as Europe/Berlin or UTC' };
  }
  try {
    return cron(timetable).nextRun(new Date(0)) === null
      ? { part: 'schedule', says: 'is never: no day is like that' }
      : undefined;
  } catch {
    const says =
      'must be five fields, minute, hour, day of the month, month and day of the week, such as 0 9 * * 1-5';
    return { part: 'schedule', says };
  }
}

/**
 * The departure that is due: the last one of those within `graceMs` before `now`. Absent when there was none, or it is so long ago
 * that it is left out: a train that nobody could send at nine does not leave at noon. All in milliseconds since 1970.
 */
export function departureDue(
  timetable: Timetable,
  { now, graceMs }: { now: number; graceMs: number },
): number | undefined {
  const runs = cron(timetable);
  let due: number | undefined;
  for (let next = runs.nextRun(new Date(now - graceMs)); next !== null; next = runs.nextRun(next)) {
    if (next.getTime() > now) break;
    due = next.getTime();
  }
  return due;
}

/** When a train leaves next, in milliseconds since 1970; absent: never. */
export function nextDeparture(timetable: Timetable, now: number): number | undefined {
  return cron(timetable).nextRun(new Date(now))?.getTime();
}

/** Only computes: without a function to call, croner sets no timer. */
function cron({ schedule, timeZone }: Timetable): Cron {
  return new Cron(schedule, { timezone: timeZone, mode: '5-part', paused: true });
}

/** Whether a place with a clock is called so. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
