/** A length of time in its largest two units: `2 min 46 s`, `1 h 5 min`, `800 ms`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return join(`${minutes} min`, seconds % 60, 's');
  const hours = Math.floor(minutes / 60);
  return hours < 48
    ? join(`${hours} h`, minutes % 60, 'min')
    : join(`${Math.floor(hours / 24)} days`, hours % 24, 'h');
}

function join(large: string, rest: number, unit: string): string {
  return rest === 0 ? large : `${large} ${rest} ${unit}`;
}

/** `1 service`, `3 services`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function list(words: readonly string[]): string {
  if (words.length <= 1) return words[0] ?? '';
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** At most `max` characters, cut at the end with an ellipsis. */
export function shorten(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}

/** `▓▓▓░░░░░ 38 %`; anything beyond 0 to 100 is drawn as the nearer of them. */
export function progressBar(percent: number): string {
  const filled = Math.round(Math.min(100, Math.max(0, percent)) / 12.5);
  return `${'▓'.repeat(filled)}${'░'.repeat(8 - filled)} ${Math.round(percent * 10) / 10} %`;
}
