import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Request } from '../../domain/request.ts';
import { UnavailableError } from '../../errors.ts';
import { bellOfRequest } from '../../ports/bells.ts';
import type { TokenHolder } from '../../ports/tokens.ts';
import type { ApiParts } from './api-parts.ts';
import { readBody } from './read-body.ts';
import { type Reply, refuse } from './reply.ts';
import { whatIsAsked } from './what-is-asked.ts';

/** Where requests are posted, and below it each by its identity. */
export const COMMANDS_PATH = '/api/commands';

/** As https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header has it, within what a log line can hold. */
const KEY = /^[\x21-\x7e]{1,200}$/;

/**
 * Takes in what a person asks for: understood, written down, answered with its identity, rung for. It is authorised when it is
 * carried out.
 */
export async function takeIn(parts: ApiParts, request: IncomingMessage, holder: TokenHolder): Promise<Reply> {
  const id = identityOf(parts, request, holder);
  if (id === undefined) return badKey();
  const read = await readBody(request);
  if (read.kind === 'refused') return read.reply;
  const asked = await whatIsAsked(parts, read.body);
  if (asked.kind === 'refused') return asked.reply;
  try {
    return await writeDown(parts, { id, holder, request: asked.request });
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    parts.logger.warn({ err: error, kind: asked.request.kind }, 'a request could not be accepted');
    return unavailable(parts, asked.request, error);
  }
}

/** Nothing can be promised: what a person does now. */
export function unavailable(parts: ApiParts, request: Request | undefined, error: UnavailableError): Reply {
  const isUnsure = request !== undefined && error.ambiguous;
  const again = 'Send it again with the same Idempotency-Key: it runs once, however often it is sent.';
  // Before the store has told whose token it is, nobody is shown what runs where.
  const remedy = request ? again : `${again} In Slack, the same command says how to do it by hand.`;
  return refuse(
    { code: 'unavailable', says: parts.offline(request, { isUnsure }), remedy },
    { 'retry-after': '1' },
  );
}

/** Undefined for a key that is none. Keys of different people never meet. */
function identityOf(
  { chance }: ApiParts,
  { headers }: IncomingMessage,
  holder: TokenHolder,
): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return `http.${chance.id()}`;
  if (typeof key !== 'string' || !KEY.test(key)) return undefined;
  return `http.${createHash('sha256').update(`${holder.person}\n${key}`).digest('hex').slice(0, 32)}`;
}

async function writeDown(
  { answers, inbox, bells, clock, logger }: ApiParts,
  { id, holder, request }: { id: string; holder: TokenHolder; request: Request },
): Promise<Reply> {
  const { person } = holder;
  const asked = createHash('sha256').update(JSON.stringify(request)).digest('hex');
  const standing = await answers.expect(id, { person, asked });
  if (standing.asked !== asked) return reused();
  // An answer is kept for longer than the inbox knows an identity: what was done is not done again in between.
  if ((await answers.get(id)) !== undefined) return acceptedReply(id, 'repeated');
  const bell = bellOfRequest({ id, request });
  bells.expect(bell);
  const accepted = await inbox.accept({
    id,
    principal: person,
    request,
    via: 'http',
    receivedAt: new Date(clock.now()).toISOString(),
    replyTo: { kind: 'kept', id, person },
  });
  if (accepted === 'accepted') {
    // A lost ring costs time only: the sweep finds what is written down.
    await bells
      .ring(bell)
      .catch((error: unknown) => logger.warn({ err: error, id }, 'a bell could not be rung'));
  }
  return acceptedReply(id, accepted);
}

function acceptedReply(id: string, accepted: 'accepted' | 'repeated'): Reply {
  const location = `${COMMANDS_PATH}/${id}`;
  return {
    status: 202,
    body: { id, state: 'accepted', isRepeated: accepted === 'repeated', answer: location },
    text: id,
    headers: { location },
  };
}

function badKey(): Reply {
  return refuse({
    code: 'misunderstood',
    says: 'The Idempotency-Key is not 1 to 200 printable characters without spaces.',
    remedy: 'Send a UUID, a new one for each thing you ask for.',
  });
}

function reused(): Reply {
  return refuse({
    code: 'key-reused',
    says: 'You asked for something else under this Idempotency-Key within two days. Nothing was done.',
    remedy: 'Send a new key for a new request.',
  });
}
