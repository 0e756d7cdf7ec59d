import { describe, expect, it } from 'vitest';
import { type ChangeWindow, windowFaults, windowStanding } from '../../../src/domain/calendar/windows.ts';

const window = (more: Partial<ChangeWindow>): ChangeWindow => ({
  name: 'weekend',
  kind: 'deny',
  timeZone: 'Europe/Berlin',
  environments: [],
  services: [],
  reason: 'nobody is there',
  ...more,
});
/** Friday 15:00 to Monday 08:00. */
const weekend = window({ schedule: '0 15 * * 5', durationMs: 65 * 3_600_000 });
const office = window({ name: 'office', kind: 'allow', schedule: '0 9 * * 1-5', durationMs: 8 * 3_600_000 });
const holidays = window({ name: 'holidays', from: '2026-12-23', to: '2027-01-04', reason: 'holidays' });

function at(now: string, windows: ChangeWindow[], services = ['web']): string {
  const standing = windowStanding(windows, { environment: 'prod', services, now: Date.parse(now) });
  const iso = (ms: number | undefined) => (ms === undefined ? 'never' : new Date(ms).toISOString());
  return standing.kind === 'closed'
    ? `closed by ${standing.window} until ${iso(standing.opensAt)}`
    : `open until ${standing.closes ? `${iso(standing.closes.at)} ${standing.closes.window}` : 'ever'}`;
}

describe('windows for changes', () => {
  it.each([
    ['nothing is configured', '2026-11-21T12:00:00Z', [], 'open until ever'],
    [
      'a second before it closes',
      '2026-11-20T13:59:59Z',
      [weekend],
      'open until 2026-11-20T14:00:00.000Z weekend',
    ],
    ['it closes', '2026-11-20T14:00:00Z', [weekend], 'closed by weekend until 2026-11-23T07:00:00.000Z'],
    [
      'the last second',
      '2026-11-23T06:59:59Z',
      [weekend],
      'closed by weekend until 2026-11-23T07:00:00.000Z',
    ],
    ['it opens', '2026-11-23T07:00:00Z', [weekend], 'open until 2026-11-27T14:00:00.000Z weekend'],
    // Clocks went back on 25 October 2026: Friday 15:00 was 13:00 UTC before, and is 14:00 UTC after.
    [
      'before the clocks change',
      '2026-10-23T13:00:00Z',
      [weekend],
      'closed by weekend until 2026-10-26T06:00:00.000Z',
    ],
    ['after they changed', '2026-10-30T13:30:00Z', [weekend], 'open until 2026-10-30T14:00:00.000Z weekend'],
    ['inside an allow', '2026-11-20T10:00:00Z', [office], 'open until 2026-11-20T16:00:00.000Z office'],
    [
      'outside every allow',
      '2026-11-20T16:00:00Z',
      [office],
      'closed by office until 2026-11-23T08:00:00.000Z',
    ],
    [
      'a deny beats an allow',
      '2026-11-20T15:00:00Z',
      [office, weekend],
      'closed by weekend until 2026-11-23T08:00:00.000Z',
    ],
    [
      'a date range, by the clock of its place',
      '2026-12-22T23:00:00Z',
      [holidays],
      'closed by holidays until 2027-01-03T23:00:00.000Z',
    ],
    ['before it', '2026-12-22T22:59:59Z', [holidays], 'open until 2026-12-22T23:00:00.000Z holidays'],
    ['long after it', '2027-02-01T00:00:00Z', [holidays], 'open until ever'],
    [
      'without an end',
      '2026-12-24T00:00:00Z',
      [window({ name: 'F1', from: '2026-12-01T00:00:00Z' })],
      'closed by F1 until never',
    ],
  ])('%s', (_, now, windows, expected) => {
    expect(at(now, windows)).toBe(expected);
  });

  it('concern the environments and services that they name', () => {
    const now = '2026-11-21T12:00:00Z';
    expect(at(now, [{ ...weekend, environments: ['staging'] }])).toBe('open until ever');
    const ofOrders = { ...weekend, services: ['orders'] };
    expect(at(now, [ofOrders])).toBe('open until ever');
    expect(at(now, [ofOrders], ['web', 'orders'])).toContain('closed by weekend');
  });

  it.each([
    [{ schedule: '0 15 * * 5' }, 'duration'],
    [{ schedule: 'friday', durationMs: 1 }, 'schedule'],
    [{ schedule: '0 15 * * 5', durationMs: 1, from: '2026-12-23' }, 'from'],
    [{ from: '2026-12-23' }, 'from'],
    [{ from: '2026-02-30', to: '2026-03-02' }, 'from'],
    [{ from: '2026-12-23', to: '2026-12-23' }, 'to'],
    [{ from: '2026-12-23', to: '2026-12-24', timeZone: 'Berlin' }, 'timeZone'],
    [{ from: '2026-12-23T12:00', to: '2026-12-23T13:00' }, undefined],
    [{ schedule: '0 15 * * 5', durationMs: 1 }, undefined],
  ])('%o has this wrong: %s', (more, part) => {
    expect(windowFaults(window(more))[0]?.part).toBe(part);
  });
});
