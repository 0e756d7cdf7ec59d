import { fillRequest } from '../../domain/fill-request.ts';
import type { Request } from '../../domain/request.ts';
import { wordsOf } from '../../domain/text/typed-words.ts';
import { understandWords } from '../../domain/understand-command.ts';
import type { ApiParts } from './api-parts.ts';
import type { Body } from './read-body.ts';
import { type Refused, type Reply, refuse } from './reply.ts';

export type Asked = { kind: 'asked'; request: Request } | { kind: 'refused'; refused: Refused; reply: Reply };

/** What a body asks for, by the same grammar as everywhere. Throws `UnavailableError` when a button cannot be looked up. */
export async function whatIsAsked(
  { grammar, buttons }: Pick<ApiParts, 'grammar' | 'buttons'>,
  body: Body,
): Promise<Asked> {
  if ('press' in body) return pressed(await buttons.get(body.press), body.fields, grammar.vocabulary.prefix);
  const words = 'argv' in body ? body.argv : wordsOf(body.command);
  const understood = understandWords(grammar, words);
  if (understood.kind === 'understood') return { kind: 'asked', request: understood.request };
  const { wrong, suggestions, usage } = understood;
  const tries = suggestions.length > 0 ? `Did you mean ${suggestions.slice(0, 5).join(' or ')}?` : '';
  return refused(wrong, {
    remedy: [tries, usage && `Usage: ${usage}`].filter(Boolean).join(' '),
    suggestions,
    usage,
  });
}

function pressed(
  does: Request | undefined,
  fields: Record<string, string | string[]>,
  prefix: string,
): Asked {
  if (does === undefined) {
    return refused('I do not know this action: it is too old, or none of mine. Nothing was done.', {
      remedy: `Ask for the present state with /${prefix}release status.`,
    });
  }
  if (Object.keys(fields).length === 0) return { kind: 'asked', request: does };
  const filled = fillRequest(does, fields);
  if (filled.kind === 'filled') return { kind: 'asked', request: filled.request };
  const wrong = filled.faults.map(({ field, wrong: says }) => `${field}: ${says}`).join('; ');
  return refused(`Not sent: ${wrong}.`, { remedy: 'Send it again with these fields put right.' });
}

function refused(
  says: string,
  more: { remedy: string; suggestions?: readonly string[]; usage?: string },
): Asked {
  const why: Refused = { code: 'misunderstood', says, ...more };
  return { kind: 'refused', refused: why, reply: refuse(why) };
}
