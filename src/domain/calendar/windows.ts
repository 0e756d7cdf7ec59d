import { Cron } from 'croner';
import type { EnvironmentName, ServiceName } from '../ids.ts';
import { isTimeZone, timetableFault } from './departure.ts';

/**
 * A time in which nothing begins (`deny`), or the only time in which something does (`allow`). Modelled on the sync windows of Argo
 * CD. Source: https://argo-cd.readthedocs.io/en/stable/user-guide/sync_windows/
 */
export interface ChangeWindow {
  name: string;
  kind: 'allow' | 'deny';
  /** Again and again: five fields as in crontab, and how long each lasts in milliseconds of real time. */
  schedule?: string | undefined;
  durationMs?: number | undefined;
  /** Once: ISO 8601, in the time zone unless it says another; `to` is the first moment outside. */
  from?: string | undefined;
  /** Absent beside `from`: until somebody lifts it. */
  to?: string | undefined;
  timeZone: string;
  /** Empty: every one. */
  environments: readonly EnvironmentName[];
  services: readonly ServiceName[];
  reason: string;
}

/** Whether something may begin now. All times in milliseconds since 1970. */
export type WindowStanding =
  /** `closes`: when it will be closed next, within a year; absent: nobody knows of anything. */
  | { kind: 'open'; closes?: { at: number; window: string; reason: string } }
  /** `opensAt`: absent where only a person ends it, or not within a year. */
  | { kind: 'closed'; window: string; reason: string; service?: ServiceName; opensAt?: number };

/** Far enough for every holiday, near enough to be computed. */
const HORIZON_MS = 366 * 86_400_000;

/** Windows that follow each other without a gap are looked through; more is a calendar that never opens. */
const MOST_STEPS = 50;

/** What is wrong with a window, and with which part of it, as the end of a sentence. */
export function windowFaults(
  window: Pick<ChangeWindow, 'schedule' | 'durationMs' | 'from' | 'to' | 'timeZone'>,
): { part: 'schedule' | 'duration' | 'from' | 'to' | 'timeZone'; says: string }[] {
  const { schedule, durationMs, from, to, timeZone } = window;
  if (!isTimeZone(timeZone))
    return [{ part: 'timeZone', says: 'must be a time zone such as Europe/Berlin or UTC' }];
  if (schedule !== undefined) {
    const fault = timetableFault({ schedule, timeZone });
    if (fault) return [{ part: fault.part, says: fault.says }];
    if (from !== undefined || to !== undefined)
      return [{ part: 'from', says: 'cannot stand beside a schedule: make two windows of it' }];
    return durationMs ? [] : [{ part: 'duration', says: 'is missing: how long each of them lasts' }];
  }
  if (from === undefined || to === undefined)
    return [{ part: 'from', says: 'is missing: say schedule and duration, or from and to' }];
  const [start, end] = [instant(from, timeZone), instant(to, timeZone)];
  const says = 'must be a day or a time such as 2026-12-24 or 2026-12-24T18:00';
  if (start === undefined) return [{ part: 'from', says }];
  if (end === undefined) return [{ part: 'to', says }];
  return start < end ? [] : [{ part: 'to', says: 'is not after from' }];
}

/** Whether a release of these services may begin in the environment. What one of them may not do, none of them does. */
export function windowStanding(
  windows: readonly ChangeWindow[],
  of: { environment: EnvironmentName; services: readonly ServiceName[]; now: number },
): WindowStanding {
  const concerning = windows.filter(
    ({ environments }) => environments.length === 0 || environments.includes(of.environment),
  );
  if (concerning.length === 0) return { kind: 'open' };
  // Where nothing runs yet, windows for every service still close it.
  const asked = { now: of.now, services: of.services.length > 0 ? of.services : [''] };
  const closed = closedAt(concerning, asked.services, asked.now);
  if (closed === undefined) return { kind: 'open', ...nextClosing(concerning, asked) };
  const opensAt = nextOpening(concerning, asked);
  const { window, service } = closed;
  return {
    kind: 'closed',
    window: window.name,
    reason: window.reason,
    ...(window.services.length > 0 && { service }),
    ...(opensAt !== undefined && { opensAt }),
  };
}

interface Closed {
  window: ChangeWindow;
  service: ServiceName;
  /** When this reason ends; absent: not by itself. */
  until: number | undefined;
}

/** A deny beats an allow; where there are allows, everything outside them is closed. */
function closedAt(
  windows: readonly ChangeWindow[],
  services: readonly ServiceName[],
  now: number,
): Closed | undefined {
  for (const service of services) {
    const own = windows.filter((window) => window.services.length === 0 || window.services.includes(service));
    for (const window of own) {
      const active = window.kind === 'deny' ? activeAt(window, now) : undefined;
      if (active) return { window, service, until: active.until };
    }
    const allows = own.filter(({ kind }) => kind === 'allow');
    const [first] = allows;
    if (first === undefined || allows.some((window) => activeAt(window, now))) continue;
    const starts = allows.map((window) => nextStart(window, now)).filter((at) => at !== undefined);
    return { window: first, service, until: starts.length > 0 ? Math.min(...starts) : undefined };
  }
  return undefined;
}

/** The first moment at which nothing closes it any more. */
function nextOpening(
  windows: readonly ChangeWindow[],
  { services, now }: { services: readonly ServiceName[]; now: number },
): number | undefined {
  let at = now;
  for (let step = 0; step < MOST_STEPS; step++) {
    const closed = closedAt(windows, services, at);
    if (closed === undefined) return at;
    if (closed.until === undefined || closed.until - now > HORIZON_MS) return undefined;
    at = closed.until;
  }
  return undefined;
}

/** The next moment at which it is closed, among the starts of what denies and the ends of what allows. */
function nextClosing(
  windows: readonly ChangeWindow[],
  { services, now }: { services: readonly ServiceName[]; now: number },
): { closes?: { at: number; window: string; reason: string } } {
  const concerned = windows.filter(
    (window) => window.services.length === 0 || window.services.some((service) => services.includes(service)),
  );
  const moments = concerned
    .map((window) => (window.kind === 'deny' ? nextStart(window, now) : activeAt(window, now)?.until))
    .filter((at) => at !== undefined)
    .toSorted((a, b) => a - b);
  for (const at of moments) {
    const closed = at - now <= HORIZON_MS ? closedAt(concerned, services, at) : undefined;
    if (closed) return { closes: { at, window: closed.window.name, reason: closed.window.reason } };
  }
  return {};
}

/** Whether the window is on. `until`: absent where only a person ends it. */
function activeAt(window: ChangeWindow, now: number): { until: number | undefined } | undefined {
  if (window.schedule === undefined) {
    const start = instant(window.from ?? '', window.timeZone);
    const end = window.to === undefined ? undefined : instant(window.to, window.timeZone);
    const isOn = start !== undefined && start <= now && (end === undefined || now < end);
    return isOn ? { until: end } : undefined;
  }
  const { durationMs = 0 } = window;
  // Runs are on whole minutes and asked for strictly before a moment: one second later finds the one of this very minute.
  const last = cron(window)
    .previousRuns(2, new Date(now + 1_000))
    .find((run) => run.getTime() <= now);
  return last !== undefined && now < last.getTime() + durationMs
    ? { until: last.getTime() + durationMs }
    : undefined;
}

/** When it is on next, after now. */
function nextStart(window: ChangeWindow, now: number): number | undefined {
  if (window.schedule !== undefined) return cron(window).nextRun(new Date(now))?.getTime();
  const start = instant(window.from ?? '', window.timeZone);
  return start !== undefined && start > now ? start : undefined;
}

function cron({ schedule = '', timeZone }: ChangeWindow): Cron {
  const key = `${timeZone} ${schedule}`;
  const known = crons.get(key) ?? new Cron(schedule, { timezone: timeZone, mode: '5-part', paused: true });
  crons.set(key, known);
  return known;
}

/** Read once for each schedule of the configuration: reading it again costs more than asking it. */
const crons = new Map<string, Cron>();

/** A day, a time of a place, or a moment of the world, in milliseconds since 1970; absent when it is none. */
function instant(text: string, timeZone: string): number | undefined {
  const iso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/;
  if (!iso.test(text)) return undefined;
  if (/(Z|[+-]\d{2}:\d{2})$/.test(text.slice(10))) {
    const moment = Date.parse(text);
    return Number.isNaN(moment) ? undefined : moment;
  }
  const [day = '', time = '00:00'] = text.split('T');
  const whole = `${day}T${time.length === 5 ? `${time}:00` : time.slice(0, 8)}`;
  // A day that the calendar does not have would be read as another.
  if (Number.isNaN(Date.parse(`${whole}Z`)) || !new Date(`${whole}Z`).toISOString().startsWith(day))
    return undefined;
  return new Cron(whole, { timezone: timeZone, paused: true }).getOnce()?.getTime();
}
