import { TerminalError } from '../../errors.ts';
import { createHttp, unreachable } from '../http.ts';
import { ACCEPT, readJson, Token } from './media-types.ts';

/** A registry host as it is reached. */
export interface RegistryHost {
  /** Base address; absent: `https://<host>`. */
  url?: string | undefined;
  username?: string | undefined;
  password?: string | undefined;
  /** Hosts, besides the registry's own, that may hand out its tokens. */
  tokenHosts?: readonly string[] | undefined;
}

export interface RegistryAnswer {
  status: number;
  body: string;
  /** Where the rest of a list is; empty when this is all. */
  link: string;
}

export interface Fetcher {
  /** `what` is below `/v2/<name>/`. Throws `UnavailableError` when nobody answers. */
  get(repository: string, what: string): Promise<RegistryAnswer>;
}

/** An answer with the headers that lead on. */
interface Sent extends RegistryAnswer {
  challenge: string;
  location: string;
}

const TIMEOUT_MS = 10_000;

/** Indexes of many platforms with attestations stay far below. Source: the limit registries themselves set on manifests. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Docker Hub answers elsewhere than its images' names say. */
const ALIASES: Readonly<Record<string, string>> = {
  'docker.io': 'registry-1.docker.io',
  'index.docker.io': 'registry-1.docker.io',
};

/** Token servers of registries whose own host does not hand out its tokens. */
const KNOWN_TOKEN_HOSTS: ReadonlySet<string> = new Set(['auth.docker.io']);

/** Reads manifests and blobs, with the token dance of the distribution specification. Credentials go to nobody else. */
export function createFetcher(hosts: Readonly<Record<string, RegistryHost>>): Fetcher {
  const http = createHttp({ timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES });
  const known = new Map(Object.entries(hosts));

  async function send(url: string, authorization: string | undefined): Promise<Sent> {
    const headers = { accept: ACCEPT, ...(authorization && { authorization }) };
    const answer = await http.get<string>(url, { headers }).catch((error: unknown) => {
      throw unreachable(`the registry ${new URL(url).host}`, error);
    });
    const { status, data: body, headers: told } = answer;
    return {
      status,
      body,
      link: header(told['link']),
      challenge: header(told['www-authenticate']),
      location: header(told['location']),
    };
  }

  /** Blobs may live elsewhere; our credentials never go there (the specification forbids it), and nothing leads off TLS. */
  async function follow(from: string, answer: Sent): Promise<RegistryAnswer> {
    if (answer.status < 300 || answer.status >= 400 || answer.location === '') return answer;
    const to = new URL(answer.location, from);
    return to.protocol === 'https:' || to.host === new URL(from).host
      ? send(to.toString(), undefined)
      : answer;
  }

  async function token(challenge: string, host: RegistryHost, registry: URL): Promise<string | undefined> {
    if (/^basic/i.test(challenge)) return basic(host);
    const { realm, service, scope } = parametersOf(challenge);
    if (realm === undefined) return undefined;
    const url = new URL(realm);
    allowRealm(url, { host, registry });
    if (service) url.searchParams.set('service', service);
    if (scope) url.searchParams.set('scope', scope);
    const answer = await send(url.toString(), basic(host));
    if (answer.status !== 200) return undefined;
    const told = Token.safeParse(readJson(answer.body));
    const bearer = told.data?.token ?? told.data?.access_token;
    return bearer && `Bearer ${bearer}`;
  }

  return {
    async get(repository, what) {
      const { hostname, name } = splitRepository(repository);
      const host = known.get(hostname) ?? {};
      const base = new URL(host.url ?? `https://${ALIASES[hostname] ?? hostname}`);
      const url = new URL(`/v2/${name}/${what}`, base).toString();
      const first = await send(url, undefined);
      if (first.status !== 401) return follow(url, first);
      const authorization = await token(first.challenge, host, base);
      return authorization === undefined ? first : follow(url, await send(url, authorization));
    },
  };
}

/** A challenge may name any address at all; ours goes to the registry itself, to hosts we were told of, and over TLS. */
function allowRealm(realm: URL, { host, registry }: { host: RegistryHost; registry: URL }): void {
  const own = realm.host === registry.host;
  const trusted =
    own || KNOWN_TOKEN_HOSTS.has(realm.host) || (host.tokenHosts?.includes(realm.host) ?? false);
  const safe = realm.protocol === 'https:' || (own && realm.protocol === registry.protocol);
  if (!trusted || !safe) {
    throw new TerminalError(
      `${registry.host} sends us to ${realm.host} for a token; name it under registries.tokenHosts if that is right`,
    );
  }
}

function parametersOf(challenge: string): { realm?: string; service?: string; scope?: string } {
  const pairs = [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(
    ([, key = '', value = '']): [string, string] => [key, value],
  );
  return Object.fromEntries(pairs.filter(([key]) => ['realm', 'service', 'scope'].includes(key)));
}

function header(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function basic({ username, password }: RegistryHost): string | undefined {
  if (username === undefined || password === undefined) return undefined;
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** `orders-api` and `acme/orders-api` live on Docker Hub; a first part with a dot or a port is a host. */
function splitRepository(repository: string): { hostname: string; name: string } {
  const [first = '', ...rest] = repository.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  if (isHost) return { hostname: first, name: rest.join('/') };
  return { hostname: 'docker.io', name: rest.length === 0 ? `library/${repository}` : repository };
}
