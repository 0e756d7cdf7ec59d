import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Told } from '../../domain/told.ts';
import type { TokenHolder } from '../../ports/tokens.ts';
import type { ApiParts } from './api-parts.ts';
import { type Reply, refuse } from './reply.ts';

/** Longer than this, proxies between give up. */
const LONGEST_WAIT_SECONDS = 60;
/** Most answers are there at once; who waits longer does not notice half a second, and Redis has others to serve. */
const FIRST_LOOK_MS = 100;
const LONGEST_LOOK_MS = 500;

/** The answer to a request, waited for as long as `wait` (whole seconds, as it was typed) says. */
export async function fetchAnswer(
  parts: ApiParts,
  asked: { id: string; wait: string | null; holder: TokenHolder; response: ServerResponse },
): Promise<Reply> {
  const { id, wait, holder, response } = asked;
  if (wait !== null && !(/^\d{1,2}$/.test(wait) && Number(wait) <= LONGEST_WAIT_SECONDS)) return badWait();
  const ticket = await parts.answers.ticket(id);
  if (ticket === undefined) return unknown();
  if (ticket.person !== holder.person) return foreign();
  const until = parts.clock.now() + Number(wait ?? 0) * 1000;
  const told = await waitFor(parts, { id, until, isGone: () => response.destroyed });
  if (told) return { status: 200, body: { id, state: 'answered', answer: told }, text: textOf(told) };
  // Whoever was told "not accepted" may look for it all the same.
  const isWritten = await parts.inbox.take(id);
  const late = isWritten ? undefined : await parts.answers.get(id);
  if (late) return { status: 200, body: { id, state: 'answered', answer: late }, text: textOf(late) };
  return isWritten ? waiting(id) : unknown();
}

async function waitFor(
  { answers, clock }: ApiParts,
  { id, until, isGone }: { id: string; until: number; isGone: () => boolean },
): Promise<Told | undefined> {
  for (let lookMs = FIRST_LOOK_MS; ; lookMs = Math.min(LONGEST_LOOK_MS, lookMs * 1.5)) {
    const told = await answers.get(id);
    if (told || isGone() || clock.now() >= until) return told;
    await pause(Math.min(lookMs, Math.max(1, until - clock.now())));
  }
}

/** What a person reads who asks for text: the answer, and what may be done next. */
function textOf({ text, file, form, actions }: Told): string {
  const next = [...(form ? [form.submit] : []), ...actions].map(({ label, press }) => `[${label}] ${press}`);
  return [text, ...(file ? ['', file.text] : []), ...(next.length > 0 ? ['', ...next] : [])].join('\n');
}

function waiting(id: string): Reply {
  return { status: 202, body: { id, state: 'accepted' }, text: 'Accepted; there is no answer yet.' };
}

function badWait(): Reply {
  return refuse({
    code: 'misunderstood',
    says: `wait is whole seconds from 0 to ${LONGEST_WAIT_SECONDS}.`,
    remedy: 'Ask again where a longer wait is wanted: ?wait=30',
  });
}

function unknown(): Reply {
  return refuse({
    code: 'not-found',
    says: 'There is no such request: it was never accepted, or its answer is more than two days old.',
    remedy: 'Send it again with the same Idempotency-Key: it runs once, however often it is sent.',
  });
}

function foreign(): Reply {
  return refuse({
    code: 'forbidden',
    says: 'Somebody else asked for this.',
    remedy: 'Fetch it with the token that it was asked with.',
  });
}
