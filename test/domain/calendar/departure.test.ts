import { describe, expect, it } from 'vitest';
import { departureDue, timetableFault } from '../../../src/domain/calendar/departure.ts';

const GRACE_MS = 600_000;
const WEEKDAYS = { schedule: '0 9 * * 1-5', timeZone: 'Europe/Berlin' };

function due(at: string, timetable = WEEKDAYS): string | undefined {
  const ms = departureDue(timetable, { now: Date.parse(at), graceMs: GRACE_MS });
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

describe('a train', () => {
  it.each([
    ['a second before nine', '2026-11-20T07:59:59Z', undefined],
    ['at nine', '2026-11-20T08:00:00Z', '2026-11-20T08:00:00.000Z'],
    ['a little later', '2026-11-20T08:09:59Z', '2026-11-20T08:00:00.000Z'],
    ['when its time is long over', '2026-11-20T08:10:00Z', undefined],
    ['on a Sunday', '2026-11-22T08:00:00Z', undefined],
    // Clocks went back on 25 October 2026: nine o'clock was 07:00 UTC before.
    ['before the clocks change', '2026-10-23T07:01:00Z', '2026-10-23T07:00:00.000Z'],
    ['after the clocks changed', '2026-10-26T07:01:00Z', undefined],
    ['after the clocks changed, at nine', '2026-10-26T08:01:00Z', '2026-10-26T08:00:00.000Z'],
  ])('is due %s or not', (_, at, expected) => {
    expect(due(at)).toBe(expected);
  });

  it('of every minute is due once for each, the newest', () => {
    const always = { schedule: '* * * * *', timeZone: 'UTC' };
    expect(due('2026-11-20T08:05:30Z', always)).toBe('2026-11-20T08:05:00.000Z');
  });

  it('of an hour that the clocks leave out still leaves that day', () => {
    const night = { schedule: '30 2 * * *', timeZone: 'Europe/Berlin' };
    const found = ['2026-03-29T00:35:00Z', '2026-03-29T01:05:00Z', '2026-03-29T01:35:00Z'].map((at) =>
      due(at, night),
    );
    expect(found.filter((each) => each !== undefined).length).toBeGreaterThan(0);
  });
});

describe('a timetable', () => {
  it.each<[string, string, string | undefined]>([
    ['0 9 * * 1-5', 'Europe/Berlin', undefined],
    ['0 9 * * MON-FRI', 'UTC', undefined],
    ['* * * * * *', 'UTC', 'schedule'],
    ['9 o’clock', 'UTC', 'schedule'],
    ['99 9 * * *', 'UTC', 'schedule'],
    ['0 9 31 2 *', 'UTC', 'schedule'],
    ['', 'UTC', 'schedule'],
    ['0 9 * * *', 'Europe/Berln', 'timeZone'],
    ['0 9 * * *', '', 'timeZone'],
  ])('%s in %s has this wrong: %s', (schedule, timeZone, part) => {
    expect(timetableFault({ schedule, timeZone })?.part).toBe(part);
  });
});
