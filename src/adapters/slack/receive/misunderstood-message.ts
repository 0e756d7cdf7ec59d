import type { Misunderstood } from '../../../domain/command.ts';
import { code, join, mrkdwn } from '../../../domain/text/mrkdwn.ts';
import type { Message } from '../../../ports/message.ts';

/** A slip answered on the spot: what was wrong, what would be understood, how it is written. */
export function misunderstoodMessage({ wrong, suggestions, usage }: Misunderstood): Message {
  const tries = suggestions.slice(0, 5).map(code);
  return {
    text: wrong,
    blocks: [
      {
        kind: 'section',
        text: tries.length > 0 ? mrkdwn`${wrong}. Did you mean ${join(tries, ' or ')}?` : mrkdwn`${wrong}.`,
      },
      ...(usage === '' ? [] : [{ kind: 'context' as const, texts: [mrkdwn`Usage: ${code(usage)}`] }]),
    ],
  };
}
