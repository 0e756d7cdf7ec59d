import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TerminalError } from '../../src/errors.ts';

/** Somebody the API server knows: a line of its token file. */
export interface Credential {
  readonly user: string;
  readonly groups: readonly string[];
  readonly token: string;
  /** For `kubectl`, for controllers and for the product itself. */
  readonly kubeconfigFile: string;
}

/** Who somebody is. Absent groups: none, apart from `system:authenticated`, which everybody is in. */
export interface Identity {
  readonly user: string;
  readonly groups?: readonly string[];
}

/** Where the API server answers, and how to know that it is it. */
export interface ApiServerAddress {
  readonly url: string;
  /** PEM; the certificate the API server made for itself. */
  readonly caFile: string;
}

/** Everybody who holds a token, and the file that tells the API server. */
export interface CredentialStore {
  /** For `--token-auth-file`: token, user, uid, groups. The API server reads it when it starts, and not again. */
  readonly tokenFile: string;
  /** Adds a token. Throws `TerminalError` for a name that would break the file's format. */
  add(identity: Identity): Promise<Credential>;
}

/** Characters that the API server's CSV file could not carry without quoting. */
const UNSAFE = /["\n\r]/;

/** A store with nobody in it. Its files lie in `directory`, which nobody else can read. */
export function createCredentialStore(directory: string, address: ApiServerAddress): CredentialStore {
  const tokenFile = join(directory, 'tokens.csv');
  const credentials: Credential[] = [];
  return {
    tokenFile,
    async add({ user, groups = [] }) {
      if ([user, ...groups].some((name) => UNSAFE.test(name) || name === '')) {
        throw new TerminalError(
          `the name of user ${JSON.stringify(user)} or of a group of theirs cannot be written to a token file`,
        );
      }
      const token = randomBytes(24).toString('base64url');
      // The number keeps two people of like names apart, whatever characters their names have.
      const kubeconfigFile = join(directory, `kubeconfig-${credentials.length}.json`);
      await writeFile(kubeconfigFile, kubeconfig(address, token), { mode: 0o600 });
      const credential = { user, groups, token, kubeconfigFile };
      credentials.push(credential);
      await writeFile(tokenFile, credentials.map(tokenLine).join(''), { mode: 0o600 });
      return credential;
    },
  };
}

/** https://kubernetes.io/docs/reference/access-authn-authz/authentication/#static-token-file */
function tokenLine({ token, user, groups }: Credential): string {
  const columns = [token, user, user];
  // An empty column would be a group without a name.
  if (groups.length > 0) columns.push(groups.join(','));
  return `${columns.map((column) => `"${column}"`).join(',')}\n`;
}

/** JSON is YAML, and every reader of kubeconfig files takes it. */
function kubeconfig({ url, caFile }: ApiServerAddress, token: string): string {
  const name = 'cluster';
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server: url, 'certificate-authority': caFile } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: 'default' } }],
    'current-context': name,
  });
}
