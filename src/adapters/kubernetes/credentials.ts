import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import { TerminalError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { readTokenFiles } from './token-files.ts';

/** What TLS needs to reach a server; a change of it needs new connections. */
export interface TlsMaterial {
  ca?: string;
  cert?: string;
  key?: string;
  servername?: string;
  rejectUnauthorized?: boolean;
}

/** What proves who we are, at this moment: tokens rotate and credential plugins answer anew. */
export interface Proof {
  headers: Record<string, string>;
  tls: TlsMaterial;
}

export interface Credentials {
  /** Address of the API server without a slash at the end. */
  server: string;
  /** An HTTP proxy on the way to it; absent: none. */
  proxy?: string;
  /** The present credentials. Rejects where a file or a plugin fails. */
  present(): Promise<Proof>;
  /** The server did not accept them: read everything again before the next request. */
  forget(): void;
}

/**
 * How long credentials are taken for present, in milliseconds. A rotated service account token stays valid for minutes,
 * and `forget` covers the rest. Source: kubelet rotates at 80 % of the token's life,
 * https://kubernetes.io/docs/concepts/storage/projected-volumes/#serviceaccounttoken
 */
const KEEP_MS = 10_000;

/** How long a credential plugin may take, in milliseconds; a hung one must not hang every request. */
const PLUGIN_MS = 20_000;

/**
 * Credentials of one cluster, read by the official client library (kubeconfig, service account, plugins, OIDC).
 * @throws TerminalError when the access cannot work as it is configured.
 */
export function openCredentials(name: string, access: ClusterAccess, clock: Clock): Credentials {
  let config = load(name, access);
  const cluster = config.getCurrentCluster();
  if (!cluster?.server) throw new TerminalError(`cluster ${name}: the kubeconfig names no current cluster`);
  if (cluster.server.startsWith('http:') && !cluster.skipTLSVerify) {
    throw new TerminalError(
      `cluster ${name}: plain http needs 'insecure', because it shows the token to everybody`,
    );
  }
  const { proxyUrl } = cluster;
  let kept: { proof: Promise<Proof>; until: number } | undefined;
  return {
    server: cluster.server.replace(/\/$/, ''),
    ...(proxyUrl && { proxy: proxyUrl }),
    present: () => {
      if (kept && clock.now() < kept.until) return kept.proof;
      const proof = within(PLUGIN_MS, read(config));
      kept = { proof, until: clock.now() + KEEP_MS };
      proof.catch(() => {
        kept = undefined;
      });
      return proof;
    },
    forget: () => {
      kept = undefined;
      config = load(name, access);
    },
  };
}

function load(name: string, access: ClusterAccess): KubeConfig {
  const config = new KubeConfig();
  try {
    switch (access.kind) {
      case 'kubeconfig':
        config.loadFromFile(access.path);
        readTokenFiles(config, access.path);
        if (access.context !== undefined) config.setCurrentContext(access.context);
        break;
      case 'inline':
        loadInline(config, access);
        break;
      case 'inCluster':
        config.loadFromCluster();
        break;
    }
  } catch (cause) {
    throw new TerminalError(`cluster ${name}: its ${access.kind} access cannot be read`, { cause });
  }
  return config;
}

function loadInline(config: KubeConfig, access: Extract<ClusterAccess, { kind: 'inline' }>): void {
  const { server, token, ca, insecure } = access;
  const caData = ca === undefined ? undefined : Buffer.from(ca).toString('base64');
  config.loadFromClusterAndUser(
    { name: 'inline', server, skipTLSVerify: insecure ?? false, ...(caData !== undefined && { caData }) },
    { name: 'inline', token },
  );
}

async function read(config: KubeConfig): Promise<Proof> {
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const headers = Object.fromEntries(
    Object.entries(options.headers ?? {}).map(([key, value]) => [key, String(value).trim()]),
  );
  if (options.auth) headers['Authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  const { ca, cert, key, servername, rejectUnauthorized } = options;
  return {
    headers,
    tls: {
      ...(ca && { ca: String(ca) }),
      ...(cert && { cert: String(cert) }),
      ...(key && { key: String(key) }),
      ...(servername && { servername }),
      ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
    },
  };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no credentials after ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
