/** A message's `ts` as a moment. */
export function momentOf(ts: string): Date {
  return new Date(Number(ts) * 1000);
}

/** `14:02` or `2:02 PM`, as the reader's machine writes it. */
export function clockTime(ts: string): string {
  return momentOf(ts).toLocaleTimeString(undefined, { hour: 'numeric', minute: '2-digit' });
}

/** `Today`, `Yesterday`, or the day. */
export function dayOf(ts: string, now: Date = new Date()): string {
  const day = momentOf(ts);
  const daysAgo = Math.round((startOfDay(now) - startOfDay(day)) / 86_400_000);
  if (daysAgo === 0) return 'Today';
  if (daysAgo === 1) return 'Yesterday';
  return day.toLocaleDateString(undefined, { weekday: 'long', month: 'long', day: 'numeric' });
}

function startOfDay(moment: Date): number {
  return new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime();
}

/**
 * A Slack date token's format with its parts filled in, in the reader's own time:
 * https://docs.slack.dev/messaging/formatting-message-text#date-formatting.
 */
export function formatDateToken(timestampSeconds: number, format: string): string {
  const date = new Date(timestampSeconds * 1000);
  const write = (options: Intl.DateTimeFormatOptions) => date.toLocaleString(undefined, options);
  const pretty = (options: Intl.DateTimeFormatOptions) => {
    const day = dayOf(String(timestampSeconds));
    return day === 'Today' || day === 'Yesterday' ? day.toLowerCase() : write(options);
  };
  const short: Intl.DateTimeFormatOptions = { month: 'short', day: 'numeric', year: 'numeric' };
  const plain: Intl.DateTimeFormatOptions = { month: 'long', day: 'numeric' };
  const long: Intl.DateTimeFormatOptions = {
    weekday: 'long',
    month: 'long',
    day: 'numeric',
    year: 'numeric',
  };
  const parts: Readonly<Record<string, () => string>> = {
    date_num: () => date.toISOString().slice(0, 10),
    date_slash: () => write({ day: '2-digit', month: '2-digit', year: 'numeric' }),
    date: () => write(plain),
    date_pretty: () => pretty(plain),
    date_short: () => write(short),
    date_short_pretty: () => pretty(short),
    date_long: () => write(long),
    date_long_pretty: () => pretty(long),
    date_long_full: () => write({ month: 'long', day: 'numeric', year: 'numeric' }),
    day_divider_pretty: () => pretty(plain),
    time: () => write({ hour: 'numeric', minute: '2-digit' }),
    time_secs: () => write({ hour: 'numeric', minute: '2-digit', second: '2-digit' }),
    ago: () => ago(timestampSeconds),
  };
  return format.replace(/\{(\w+)\}/g, (token, name: string) => parts[name]?.() ?? token);
}

function ago(timestampSeconds: number): string {
  const seconds = timestampSeconds - Date.now() / 1000;
  const units = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ] as const;
  const words = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
  const unit = units.find(([, size]) => Math.abs(seconds) >= size);
  return unit === undefined
    ? words.format(Math.round(seconds), 'second')
    : words.format(Math.round(seconds / unit[1]), unit[0]);
}
