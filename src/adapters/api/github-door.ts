import type { IncomingMessage } from 'node:http';
import type { Request } from '../../domain/request.ts';
import { wordsOf } from '../../domain/text/typed-words.ts';
import { bellOfRequest } from '../../ports/bells.ts';
import type { ApiParts } from './api-parts.ts';
import { parseJson, readBytes, tooLarge } from './read-body.ts';
import { type Hook, readHook } from './read-hook.ts';
import { type Reply, refuse } from './reply.ts';
import { type Door, serveDoor, wrongMethod } from './serve-door.ts';
import { isSignedBy } from './signature.ts';
import { whatIsAsked } from './what-is-asked.ts';

/** Where GitHub's webhook calls. */
export const GITHUB_PATH = '/api/github';

/** Of a push of many commits; GitHub itself stops at 25 MB. Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads */
const MAX_BODY_BYTES = 5 * 1024 * 1024;

/** As long as the inbox knows an identity: an older delivery, sent again by hand, might be done a second time. */
const OLDEST_MS = 20 * 3600 * 1000;

const MINUTE_MS = 60_000;
const MOST_WRONG_PER_MINUTE = 30;
/** More than a person comments; a public repository lets anybody do so. */
const MOST_PER_LOGIN = 10;

const DELIVERY = /^[0-9A-Za-z-]{8,64}$/;

export interface GithubParts
  extends Pick<
    ApiParts,
    'grammar' | 'inbox' | 'bells' | 'quota' | 'buttons' | 'clock' | 'chance' | 'logger'
  > {
  secret: string;
  /** `owner/name` in lower case: those of the configuration. What happens in others is nothing to us. */
  repositories: ReadonlySet<string>;
  /** Where it is said when a tag cannot be cut. */
  channel: string;
}

/**
 * `POST /api/github`: comments on pull requests that ask for something, and tags that name a release. Signed by GitHub, written down
 * before it is answered, done once for each delivery; who may is found out when it is done.
 */
export function githubDoor(parts: GithubParts): Door {
  return serveDoor(parts, {
    path: GITHUB_PATH,
    answer: (request) => takeHook(parts, request),
    unavailable: (error) =>
      refuse({
        code: 'unavailable',
        says: `It was not taken in: ${error.message}.`,
        // GitHub sends nothing again by itself: https://docs.github.com/en/webhooks/using-webhooks/handling-failed-webhook-deliveries
        remedy: 'Redeliver it from the list of deliveries: it is done once.',
      }),
    again: 'Redeliver it from the list of deliveries: it is done once.',
  });
}

async function takeHook(parts: GithubParts, request: IncomingMessage): Promise<Reply> {
  if (request.method !== 'POST') return wrongMethod('POST');
  const body = await readBytes(request, { maxBytes: MAX_BODY_BYTES });
  if (body === undefined) return tooLarge(MAX_BODY_BYTES);
  const refused = await unlessSigned(parts, request, body);
  if (refused) return refused;
  const delivery = headerOf(request, 'x-github-delivery');
  if (!DELIVERY.test(delivery))
    return misunderstood('There is no X-GitHub-Delivery.', 'Let GitHub call this, or send a UUID.');
  const payload = parseJson(body.toString('utf8'));
  if (payload === undefined)
    return misunderstood('The body is not JSON.', 'Set the webhook’s content type to application/json.');
  const hook = readHook(headerOf(request, 'x-github-event'), payload);
  return takeIn(parts, hook, `github.${delivery}`);
}

async function unlessSigned(
  { secret, quota }: GithubParts,
  request: IncomingMessage,
  body: Buffer,
): Promise<Reply | undefined> {
  const [, signature = ''] = /^sha256=(.+)$/.exec(headerOf(request, 'x-hub-signature-256')) ?? [];
  if (isSignedBy(secret, signature, [body])) return undefined;
  const waitMs = await quota.take(`wrong:${request.socket.remoteAddress ?? ''}`, {
    most: MOST_WRONG_PER_MINUTE,
    withinMs: MINUTE_MS,
  });
  return refuse({
    code: waitMs === undefined ? 'unauthorised' : 'too-many',
    says: 'This is not signed with the secret of the webhook.',
    remedy: 'Give the webhook the secret that github.webhookSecretEnv of signalbox.yaml names.',
  });
}

async function takeIn(parts: GithubParts, hook: Hook, id: string): Promise<Reply> {
  if (hook.kind === 'ignored') return ignored(hook.why);
  if (hook.kind === 'unreadable')
    return misunderstood(hook.says, 'Look whether the server in between changes what GitHub sends.');
  const { repository, login, at } = hook;
  if (!parts.repositories.has(repository.toLowerCase()))
    return ignored(`${repository} is none of signalbox.yaml's repositories`);
  const now = parts.clock.now();
  // Not NaN either: what cannot be dated could be as old as it likes.
  if (!(now - at < OLDEST_MS)) return ignored('it happened too long ago to be done now');
  const request = hook.kind === 'tag' ? cutTag(hook) : await asked(parts, hook.text);
  if (request === undefined) return ignored('it asks for nothing');
  const waitMs = await parts.quota.take(`github:${login.toLowerCase()}`, {
    most: MOST_PER_LOGIN,
    withinMs: MINUTE_MS,
  });
  if (waitMs !== undefined) {
    parts.logger.warn({ login, repository }, 'somebody at GitHub asks for too much');
    return ignored(`${login} asks for too much in a minute`);
  }
  const bell = bellOfRequest({ id, request });
  parts.bells.expect(bell);
  const accepted = await parts.inbox.accept({
    id,
    principal: `github:${login}`,
    request,
    via: 'github',
    receivedAt: new Date(now).toISOString(),
    replyTo:
      hook.kind === 'comment'
        ? { kind: 'comment', repository, issue: hook.issue, operation: id }
        : { kind: 'channel', channel: parts.channel, operation: id, since: now },
  });
  if (accepted === 'accepted') {
    // A lost ring costs time only: the sweep finds what is written down.
    await parts.bells
      .ring(bell)
      .catch((error: unknown) => parts.logger.warn({ err: error, id }, 'a bell could not be rung'));
  }
  return { status: 202, body: { id, state: 'accepted', isRepeated: accepted === 'repeated' } };
}

function cutTag({ repository, tag }: Extract<Hook, { kind: 'tag' }>): Request {
  return { kind: 'cutTag', repository, tag };
}

/** What the first line of a comment asks for; absent when it is no command of ours. */
async function asked(parts: GithubParts, text: string): Promise<Request | undefined> {
  const [line = ''] = text.trimStart().split(/\r?\n/, 1);
  if (!/^[/.]{1,2}[A-Za-z]/.test(line) || line.length > 1000) return undefined;
  const [first = '', ...rest] = wordsOf(line.trim());
  const { commands, vocabulary } = parts.grammar;
  const bare = first.replace(/^[/.]+/, '').toLowerCase();
  const name = bare.startsWith(vocabulary.prefix) ? bare.slice(vocabulary.prefix.length) : bare;
  const body = bodyOf(name, { rest, commands: commands.map((command) => command.name) });
  if (body === undefined) return undefined;
  const understood = await whatIsAsked(parts, body);
  if (understood.kind === 'asked') return understood.request;
  const { says, remedy } = understood.refused;
  return { kind: 'notUnderstood', says: says.slice(0, 1000), remedy: remedy.slice(0, 1000) };
}

/** `.promote prod` is how people have long said it where there is no slash command. */
function bodyOf(
  name: string,
  { rest, commands }: { rest: string[]; commands: readonly string[] },
): Parameters<typeof whatIsAsked>[1] | undefined {
  if (name === 'promote') return { argv: ['release', 'promote', ...rest] };
  if (name === 'press') return { press: (rest[0] ?? '').slice(0, 100), fields: {} };
  return commands.includes(name) ? { argv: [name, ...rest] } : undefined;
}

function ignored(why: string): Reply {
  return { status: 202, body: { state: 'ignored', why } };
}

function misunderstood(says: string, remedy: string): Reply {
  return refuse({ code: 'misunderstood', says, remedy });
}

function headerOf({ headers }: IncomingMessage, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}
