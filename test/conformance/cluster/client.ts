import { Agent, fetch, Headers } from 'undici';

/** A cluster to hold against the cases: the simulated one or a real one. */
export interface ConformanceTarget {
  /** Address of the API server. */
  url: string;
  /** Certificate authority of the API server, PEM; absent: plain HTTP. */
  ca?: string;
  /** Of somebody in `system:masters`. */
  adminToken: string;
  /** The product's, who has the rights that a case gives and no other. */
  botToken: string;
  /** The product's user name; a service account's is `system:serviceaccount:<namespace>:<name>`. */
  botName: string;
  /** A Prometheus that the cluster's controllers reach. The cases ask only for what needs no samples (`queries.ts`). */
  prometheusUrl: string;
  /** Longest wait for anything, in milliseconds of real time. */
  deadlineMs: number;
  /** Milliseconds without a write after which the controller is taken to be at rest. */
  settleMs: number;
}

export interface Ask {
  token?: 'admin' | 'bot' | 'wrong' | 'none';
  type?: string;
  headers?: readonly [string, string][];
}

/** JSON of any shape; cases look into it with `at`. */
export type Json = Record<string, unknown>;

export interface Answer {
  code: number;
  body: Json;
}

export const MERGE = 'application/merge-patch+json';
export const JSON_PATCH = 'application/json-patch+json';
export const STRATEGIC = 'application/strategic-merge-patch+json';

/** Talks to an API server as curl would. */
export class Client {
  readonly target: ConformanceTarget;
  readonly #agent: Agent;

  constructor(target: ConformanceTarget) {
    this.target = target;
    this.#agent = new Agent({ connect: target.ca === undefined ? {} : { ca: target.ca } });
  }

  async ask(method: string, path: string, body?: unknown, ask: Ask = {}): Promise<Answer> {
    const response = await fetch(this.target.url + path, {
      method,
      headers: this.#headers(ask, body !== undefined),
      dispatcher: this.#agent,
      signal: AbortSignal.timeout(this.target.deadlineMs),
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { code: response.status, body: isJson ? (JSON.parse(text) as Json) : { text } };
  }

  /** Reads a watch until `enough` says so, or its time is over. */
  async watch(path: string, enough: (events: Json[]) => boolean): Promise<Json[]> {
    const end = new AbortController();
    const response = await fetch(this.target.url + path, {
      headers: this.#headers({}, false),
      dispatcher: this.#agent,
      signal: AbortSignal.any([end.signal, AbortSignal.timeout(this.target.deadlineMs)]),
    });
    const events: Json[] = [];
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of response.body ?? []) {
      const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      events.push(...lines.map((line) => JSON.parse(line) as Json));
      if (enough(events)) break;
    }
    end.abort();
    return events;
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }

  #headers({ token = 'admin', type, headers = [] }: Ask, hasBody: boolean): Headers {
    const sent = new Headers(headers.map(([name, value]): [string, string] => [name, value]));
    const tokens = { admin: this.target.adminToken, bot: this.target.botToken, wrong: 'nobodys', none: '' };
    if (token !== 'none') sent.set('authorization', `Bearer ${tokens[token]}`);
    if (hasBody) sent.set('content-type', type ?? 'application/json');
    return sent;
  }
}

/** The value at a path such as `status.conditions.0.reason`; absent when there is none. */
export function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (found, key) => (typeof found === 'object' && found !== null ? Reflect.get(found, key) : undefined),
      value,
    );
}

/** The text at a path; empty when there is none. */
export function textAt(value: unknown, path: string): string {
  const found = at(value, path);
  return found === undefined || found === null ? '' : String(found);
}

/** The items of a list. */
export function itemsOf(list: unknown, path = 'items'): Json[] {
  const found = at(list, path);
  return Array.isArray(found) ? (found as Json[]) : [];
}
