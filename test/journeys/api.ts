import { z } from 'zod';
import { Told } from '../../src/domain/told.ts';
import type { People } from './people.ts';
import type { Journey } from './world.ts';

const Failure = z.strictObject({
  error: z.looseObject({ code: z.string(), says: z.string(), remedy: z.string() }),
});
const Accepted = z.strictObject({
  id: z.string(),
  state: z.literal('accepted'),
  isRepeated: z.boolean(),
  answer: z.string(),
});
const Answered = z.strictObject({ id: z.string(), state: z.literal('answered'), answer: Told });

/** What came back, parsed as strictly as the documents say. */
export interface Answer {
  status: number;
  headers: Headers;
  json: unknown;
}

/** Asking by HTTP with a token, as a script does. */
export interface Asking {
  post(body: unknown, headers?: Record<string, string>): Promise<Answer>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** Posts, and fetches the answer. Throws when it was not accepted. */
  ask(body: unknown, headers?: Record<string, string>): Promise<Told>;
}

/** Types `/release token` in Slack and gives the token. */
export async function tokenOf(people: People, person: string): Promise<string> {
  const told = await people.types(person, '/release token', /signalbox_/);
  return /signalbox_[0-9a-f]{16}_[A-Za-z0-9_-]{43}/.exec(told)?.[0] ?? '';
}

export function asking({ world }: Pick<Journey, 'world'>, token?: string): Asking {
  const bearer = token === undefined ? undefined : { authorization: `Bearer ${token}` };
  const send = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(`${world.bot().pagesUrl}${path}`, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, json: parse(text) };
  };
  const it: Asking = {
    post: (body, headers) =>
      send('/api/commands', {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...bearer, ...headers },
      }),
    get: (path, headers) => send(path, { headers: { ...bearer, ...headers } }),
    async ask(body, headers) {
      const { json } = await it.post(body, headers);
      const { answer } = Accepted.parse(json);
      return Answered.parse((await it.get(`${answer}?wait=30`)).json).answer;
    },
  };
  return it;
}

export function acceptedOf({ json }: Answer): z.infer<typeof Accepted> {
  return Accepted.parse(json);
}

export function errorOf({ json }: Answer): z.infer<typeof Failure>['error'] {
  return Failure.parse(json).error;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
