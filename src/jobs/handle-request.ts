import { PersonId } from '../domain/ids.ts';
import type { AcceptedRequest, ReplyAddress, Request, RequestKind } from '../domain/request.ts';
import type { Rules } from '../domain/rules.ts';
import { TerminalError, UnavailableError } from '../errors.ts';
import type { Person } from '../ports/directory.ts';
import type { Answer } from '../ports/message.ts';
import { defect, notDone, refusal, said } from '../views/answers.ts';
import { cutTagAsPolicy } from './cut/cut-tag.ts';
import type { Carry, Desk, Member } from './requests/asked.ts';
import { carriers } from './requests/registry.ts';

/** Told when something broke that should not: the log has what the person is only shown an id of. */
export type OnDefect = (defect: { id: string; request: RequestKind; error: unknown }) => void;

/** Memberships this old are good enough for what only shows something, and for a rollback at two in the morning. */
const LENIENT_MS = 24 * 3600 * 1000;

/** Requests that move something forward; the rest shows, or takes back. */
const FORWARD: ReadonlySet<RequestKind> = new Set([
  'cut',
  'cutTag',
  'drop',
  'exempt',
  'decideExemption',
  'unfreeze',
  'approve',
  'adoptManifest',
  'promote',
  'resume',
  'retry',
  'confirmRestore',
  'flagTurn',
]);

/** Ways to answer on which the same answer, said again, is still one. */
const REPEATABLE: ReadonlySet<ReplyAddress['kind']> = new Set(['kept', 'comment', 'channel']);

/**
 * Carries out an accepted request: once, as the person who asked is now, and with an answer whatever happens. What is not
 * possible now throws `UnavailableError`, and is tried again by whoever rang.
 */
export async function handleRequest(desk: Desk, id: string, onDefect: OnDefect): Promise<void> {
  const accepted = await desk.ports.inbox.take(id);
  if (accepted === undefined) return;
  const answer = await answerTo(desk, accepted, onDefect);
  const { replyTo } = accepted;
  // What is kept, or carries the request's identity, may be said twice and must not be lost; what is whispered must not be said twice.
  const mayRepeat = REPEATABLE.has(replyTo.kind);
  if (mayRepeat && (answer || replyTo.kind !== 'channel'))
    await desk.ports.chat.reply(replyTo, answer ?? said('Done.'));
  await desk.ports.inbox.finish(id);
  if (answer && !mayRepeat) await desk.ports.chat.reply(replyTo, answer);
}

async function answerTo(
  desk: Desk,
  accepted: AcceptedRequest,
  onDefect: OnDefect,
): Promise<Answer | undefined> {
  try {
    const principal = await whoIs(desk, accepted.principal);
    if (principal === undefined) return await ofNobody(desk, accepted);
    const person = await desk.ports.directory.person(principal, {
      freshMs: freshnessFor(accepted.request, desk.rules),
    });
    if (person.kind !== 'member') return silent(accepted.request) ? undefined : stranger(person);
    return await carry(desk, accepted, person);
  } catch (error) {
    if (error instanceof UnavailableError) throw error;
    if (error instanceof TerminalError) return notDone(error.message);
    const defectId = desk.ports.chance.id();
    onDefect({ id: defectId, request: accepted.request.kind, error });
    return defect(defectId);
  }
}

/** A login stands for the person whom the configuration vouches for; absent: for nobody. */
async function whoIs(
  { ports }: Desk,
  principal: AcceptedRequest['principal'],
): Promise<PersonId | undefined> {
  const person = PersonId.safeParse(principal);
  return person.success ? person.data : ports.directory.byLogin(loginOf(principal));
}

/** What somebody asked for of whom we know no more than a login: an environment's policy may take a tag, nothing else is done. */
async function ofNobody(
  desk: Desk,
  { id, request, principal, receivedAt }: AcceptedRequest,
): Promise<Answer | undefined> {
  if (request.kind === 'cutTag' && desk.rules.github?.tagsBy === 'policy')
    return cutTagAsPolicy(desk, { id, request, receivedAt });
  return refusal({
    says: `I don't know who ${loginOf(principal)} of GitHub is.`,
    rule: 'login-known',
    remedy: 'Whoever keeps signalbox.yaml can add github: and this login to a person under people.',
  });
}

function loginOf(principal: string): string {
  return principal.slice('github:'.length);
}

function carry(desk: Desk, accepted: AcceptedRequest, by: Member): Promise<Answer | undefined> {
  const { id, via, channel, request, receivedAt } = accepted;
  // The registry has exactly one carrier for each kind; the compiler cannot follow the pair through the look-up.
  const carrier = carriers[request.kind] as Carry<RequestKind>;
  return carrier(desk, { id, by, via, channel, request, receivedAt });
}

/** What nobody asked for in words gets no words back. */
function silent(request: Request): boolean {
  return (
    request.kind === 'messageSeen' ||
    request.kind === 'unpinMessage' ||
    request.kind === 'openHome' ||
    (request.kind === 'pinMessage' && request.how === 'pin')
  );
}

function freshnessFor(request: Request, rules: Rules): number {
  if (!FORWARD.has(request.kind)) return LENIENT_MS;
  return Math.min(...rules.environments.map((environment) => environment.membershipFreshMs));
}

function stranger(person: Exclude<Person, Member>): Answer {
  if (person.kind === 'unknown') {
    return refusal({
      says: `I can't tell what you may do just now: ${person.why}.`,
      rule: 'membership-known',
      remedy: 'Try again in a minute.',
    });
  }
  const who = {
    guest: 'guests',
    bot: 'bots',
    stranger: 'people of other organisations',
    deactivated: 'deactivated accounts',
  }[person.why];
  return refusal({
    says: `I don't act for ${who}.`,
    rule: 'members-only',
    remedy: 'Ask a member of this workspace.',
  });
}
