import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An image as somebody's CI would push it. */
export interface PushedImage {
  /** Without the host: `acme/orders-api`. */
  name: string;
  tag: string;
  /** E-mail addresses of those who wrote what is new in it. */
  authors?: readonly string[];
  /** The commit it was built from, and where that is; absent: the image says nothing of it. */
  revision?: string;
  source?: string;
  /** Makes two pushes of the same tag two images. */
  salt?: string;
}

/** Digests of a pushed image. */
export interface Pushed {
  /** Of the index, which is what a tag resolves to. */
  index: string;
  /** Platform to the digest that its pods report. */
  platforms: Record<string, string>;
}

export interface SandboxRegistry extends AsyncDisposable {
  /** `127.0.0.1:<port>`, as images name it. */
  host: string;
  url: string;
  push(image: PushedImage): Pushed;
  /** Paths asked for, oldest first. */
  readonly requests: readonly { method: string; path: string; status: number }[];
}

/** Who may read; absent: anybody. Then `/token` hands out bearer tokens for these credentials, as real registries do. */
export interface RegistryAccount {
  username: string;
  password: string;
}

const INDEX = 'application/vnd.oci.image.index.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';

interface Stored {
  type: string;
  body: string;
}

/**
 * A registry that speaks the reading half of the distribution specification, strictly: it answers only what it was told to
 * accept, and errors in the specification's form. https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
export async function startRegistry(options: { account?: RegistryAccount } = {}): Promise<SandboxRegistry> {
  const manifests = new Map<string, Stored>();
  const blobs = new Map<string, Stored>();
  const tags = new Map<string, Set<string>>();
  const requests: { method: string; path: string; status: number }[] = [];
  const token = randomBytes(24).toString('base64url');

  const server = createServer((request, response): ServerResponse => {
    const url = new URL(request.url ?? '/', 'http://registry');
    response.on('finish', () =>
      requests.push({ method: request.method ?? '', path: url.pathname, status: response.statusCode }),
    );
    if (url.pathname === '/token') return giveToken(request, response, { account: options.account, token });
    if (options.account && request.headers.authorization !== `Bearer ${token}`)
      return challenge(request, response);
    return answer({ request, response, url }, { manifests, blobs, tags });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  function keep(name: string, what: { type: string; body: string }, into: Map<string, Stored>): string {
    const digest = `sha256:${createHash('sha256').update(what.body).digest('hex')}`;
    into.set(`${name}@${digest}`, what);
    return digest;
  }

  return {
    host,
    url: `http://${host}`,
    requests,
    push({ name, tag, authors = [], revision, source, salt = '' }) {
      const annotations = {
        'org.opencontainers.image.version': tag,
        ...(revision !== undefined && { 'org.opencontainers.image.revision': revision }),
        ...(source !== undefined && { 'org.opencontainers.image.source': source }),
        ...(authors.length > 0 && { 'org.opencontainers.image.authors': authors.join(', ') }),
      };
      const platforms = Object.fromEntries(
        ['amd64', 'arm64'].map((architecture) => {
          const config = keep(
            name,
            { type: CONFIG, body: JSON.stringify({ os: 'linux', architecture, name, tag, salt }) },
            blobs,
          );
          const manifest = {
            schemaVersion: 2,
            mediaType: MANIFEST,
            config: { mediaType: CONFIG, digest: config, size: 1 },
            layers: [],
            annotations,
          };
          return [
            `linux/${architecture}`,
            keep(name, { type: MANIFEST, body: JSON.stringify(manifest) }, manifests),
          ];
        }),
      );
      const entries = Object.entries(platforms).map(([platform, digest]) => {
        const [os, architecture] = platform.split('/');
        return { mediaType: MANIFEST, digest, size: 1, platform: { os, architecture } };
      });
      const body = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: entries, annotations });
      const index = keep(name, { type: INDEX, body }, manifests);
      manifests.set(`${name}:${tag}`, { type: INDEX, body });
      tags.set(name, (tags.get(name) ?? new Set()).add(tag));
      return { index, platforms };
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Content {
  manifests: Map<string, Stored>;
  blobs: Map<string, Stored>;
  tags: Map<string, Set<string>>;
}

function answer(
  { request, response, url }: { request: IncomingMessage; response: ServerResponse; url: URL },
  { manifests, blobs, tags }: Content,
): ServerResponse {
  const [, name = '', kind, reference = ''] =
    /^\/v2\/(.+)\/(manifests|blobs|tags)\/([^/]+)$/.exec(url.pathname) ?? [];
  if (kind === 'tags' && reference === 'list') {
    const known = tags.get(name);
    if (known === undefined) return refuse(response, 404, 'NAME_UNKNOWN');
    const { page, link } = tagPage(name, { known, asked: url.searchParams });
    if (link !== undefined) response.setHeader('link', link);
    return send(request, response, {
      type: 'application/json',
      body: JSON.stringify({ name, tags: page }),
    });
  }
  const found =
    kind === 'blobs'
      ? blobs.get(`${name}@${reference}`)
      : (manifests.get(`${name}@${reference}`) ?? manifests.get(`${name}:${reference}`));
  if (found === undefined)
    return refuse(response, 404, kind === 'blobs' ? 'BLOB_UNKNOWN' : 'MANIFEST_UNKNOWN');
  const accepted = request.headers.accept ?? '*/*';
  // A client that does not say it knows an index gets none: real registries fall back or refuse.
  if (kind === 'manifests' && !accepted.includes(found.type) && !accepted.includes('*/*'))
    return refuse(response, 404, 'MANIFEST_UNKNOWN');
  return send(request, response, found);
}

/** Tags by letters, as many as were asked for. Source: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags */
function tagPage(
  name: string,
  { known, asked }: { known: ReadonlySet<string>; asked: URLSearchParams },
): { page: string[]; link?: string } {
  const last = asked.get('last') ?? '';
  const left = [...known].sort().filter((tag) => tag > last);
  const most = asked.has('n') ? Number(asked.get('n')) : left.length;
  const page = left.slice(0, most);
  if (page.length === left.length) return { page };
  const next = new URLSearchParams({ n: String(most), last: page.at(-1) ?? '' });
  return { page, link: `</v2/${name}/tags/list?${next}>; rel="next"` };
}

function send(request: IncomingMessage, response: ServerResponse, { type, body }: Stored): ServerResponse {
  const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
  response.writeHead(200, {
    'content-type': type,
    'docker-content-digest': digest,
    'content-length': Buffer.byteLength(body),
  });
  return response.end(request.method === 'HEAD' ? undefined : body);
}

function refuse(response: ServerResponse, status: number, code: string): ServerResponse {
  response.writeHead(status, { 'content-type': 'application/json' });
  return response.end(
    JSON.stringify({ errors: [{ code, message: code.toLowerCase().replaceAll('_', ' ') }] }),
  );
}

/** Source: https://distribution.github.io/distribution/spec/auth/token/ */
function challenge(request: IncomingMessage, response: ServerResponse): ServerResponse {
  const realm = `http://${request.headers.host}/token`;
  response.writeHead(401, {
    'www-authenticate': `Bearer realm="${realm}",service="sandbox",scope="registry:pull"`,
  });
  return response.end(
    JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message: 'authentication required' }] }),
  );
}

function giveToken(
  request: IncomingMessage,
  response: ServerResponse,
  { account, token }: { account: RegistryAccount | undefined; token: string },
): ServerResponse {
  const expected =
    account && `Basic ${Buffer.from(`${account.username}:${account.password}`).toString('base64')}`;
  if (request.headers.authorization !== expected) return refuse(response, 401, 'UNAUTHORIZED');
  response.writeHead(200, { 'content-type': 'application/json' });
  return response.end(JSON.stringify({ token, expires_in: 300 }));
}
