const ELLIPSIS = '…';
const FENCE = '```';
/** Room for the ellipsis and for closing a fence on a line of its own. */
const LONGEST_ENDING = ELLIPSIS.length + 1 + FENCE.length;

/** Plain text of at most `max` UTF-16 units; what was cut ends in an ellipsis. */
export function cutPlain(text: string, max: number): string {
  return text.length <= max ? text : withoutHalfCharacter(text.slice(0, max - ELLIPSIS.length)) + ELLIPSIS;
}

/**
 * Mrkdwn of at most `max` UTF-16 units (at least 16). A cut never falls into an escape, a mention, a link or a fence,
 * where it would turn into other text or swallow what follows; open code is closed.
 */
export function cutMrkdwn(text: string, max: number): string {
  if (text.length <= max) return text;
  const head = withoutOpenToken(withoutHalfCharacter(text.slice(0, max - LONGEST_ENDING)));
  const whole = head.replace(/&[a-z]*$/, '').replace(/`+$/, '');
  return whole + endingOf(whole);
}

function withoutHalfCharacter(text: string): string {
  return /[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text;
}

/** In our mrkdwn a bare `<` opens a mention, a link or a date: everything else was escaped. */
function withoutOpenToken(text: string): string {
  const opened = text.lastIndexOf('<');
  return opened > text.lastIndexOf('>') ? text.slice(0, opened) : text;
}

function endingOf(text: string): string {
  const parts = text.split(FENCE);
  if (parts.length % 2 === 0) return `${ELLIPSIS}\n${FENCE}`;
  const outside = parts.filter((_, i) => i % 2 === 0).join('');
  return (outside.split('`').length - 1) % 2 === 1 ? `${ELLIPSIS}\`` : ELLIPSIS;
}
