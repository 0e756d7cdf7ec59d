import type { PersonId } from '../ids.ts';

/**
 * Slack mrkdwn in which everything that people or machines wrote has been escaped. Made only by the functions of this
 * file, and an object rather than a string so that a plain string can never pass for one.
 */
export interface Mrkdwn {
  readonly mrkdwn: string;
}

/**
 * Builds mrkdwn: the literal parts are ours, interpolated strings are escaped, interpolated `Mrkdwn` is taken as it is.
 * The one way words get into a message.
 */
export function mrkdwn(
  literals: TemplateStringsArray,
  ...values: readonly (Mrkdwn | string | number)[]
): Mrkdwn {
  const text = literals.reduce((built, literal, i) => built + asMrkdwn(values[i - 1] ?? '') + literal);
  return { mrkdwn: text };
}

/** Several pieces with a separator of ours between them. */
export function join(pieces: readonly (Mrkdwn | string)[], separator: string): Mrkdwn {
  return { mrkdwn: pieces.map(asMrkdwn).join(separator) };
}

/** Names a person so that Slack notifies them. */
export function mention(person: PersonId): Mrkdwn {
  return { mrkdwn: `<@${person.slice(person.lastIndexOf(':') + 1)}>` };
}

/** Names a usergroup so that Slack notifies its members. */
export function mentionGroup(id: string): Mrkdwn {
  return /^S[A-Z0-9]+$/.test(id) ? { mrkdwn: `<!subteam^${id}>` } : { mrkdwn: escapeText(id) };
}

export function channelLink(id: string): Mrkdwn {
  return /^[CG][A-Z0-9]+$/.test(id) ? { mrkdwn: `<#${id}>` } : { mrkdwn: escapeText(id) };
}

/** A link whose address we made or configured; addresses from manifests are shown as text instead. */
export function link(url: string, label: string): Mrkdwn {
  return { mrkdwn: `<${url.replace(/[<>|\s]/g, encodeURIComponent)}|${escapeText(label)}>` };
}

/** Inline code; backticks inside are replaced, they would end it. */
export function code(text: string): Mrkdwn {
  return { mrkdwn: `\`${escapeText(text)}\`` };
}

/** A block of code on lines of its own. */
export function codeBlock(text: string): Mrkdwn {
  return { mrkdwn: `\`\`\`\n${escapeText(text)}\n\`\`\`` };
}

/**
 * A moment in the reader's own time zone.
 * Source: https://docs.slack.dev/messaging/formatting-message-text/#date-formatting
 */
export function when(instant: string | number, format: 'time' | 'seconds' | 'date' | 'ago' = 'time'): Mrkdwn {
  const ms = typeof instant === 'number' ? instant : Date.parse(instant);
  const token = { time: '{time}', seconds: '{time_secs}', date: '{date_short_pretty} {time}', ago: '{ago}' }[
    format
  ];
  return {
    mrkdwn: `<!date^${Math.floor(ms / 1000)}^${token}|${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC>`,
  };
}

function asMrkdwn(value: Mrkdwn | string | number): string {
  if (typeof value === 'object') return value.mrkdwn;
  return typeof value === 'number' ? String(value) : escapeText(value);
}

// Most of what is escaped has nothing to escape: one look at it is cheaper than five.
const SPECIAL = /[&<>`\p{Cc}\p{Cf}]/u;

/**
 * Escapes what Slack gives a meaning to (`& < >`, which also kills mentions and links) and backticks, and drops control and
 * format characters, which reorder or hide text. Source: https://docs.slack.dev/messaging/formatting-message-text/#escaping
 */
export function escapeText(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return text
    .replace(/(?![\n\t])[\p{Cc}\p{Cf}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('`', 'ˋ');
}
