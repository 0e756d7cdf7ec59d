/** What a Git server is shown to know the bot. */
export interface Credential {
  username: string;
  /** A token or a password. */
  password: string;
}

export interface EnvironmentOptions {
  /** What the program needs of its surroundings: `PATH`, and where there is one the proxy and the certificates. */
  base: Readonly<Record<string, string>>;
  /** Protocols that may be spoken, such as `https`. */
  protocols: readonly string[];
  /** The remote's address, to which alone the credential is shown. */
  url: string;
  credential?: Credential | undefined;
}

/** A transfer that stands still for so long is given up; a server that is packing says so every 5 s (uploadpack.keepAlive). */
const STALL_SECONDS = 20;

/**
 * The environment of a git program that speaks to nobody it was not told to: no configuration but this, no hooks, no helpers, no
 * terminal, no housekeeping at a bad moment. The credential travels as a header set by a variable: arguments can be read by every
 * user of the machine, and addresses end up in error messages (Argo CD's CVE-2023-25163).
 */
export function gitEnvironment({
  base,
  protocols,
  url,
  credential,
}: EnvironmentOptions): Record<string, string> {
  const settings: [string, string][] = [
    ['protocol.ext.allow', 'never'],
    ['core.hooksPath', '/dev/null'],
    ['core.fsmonitor', 'false'],
    ['credential.helper', ''],
    ['core.askPass', ''],
    ['http.followRedirects', 'false'],
    ['http.lowSpeedLimit', '1'],
    ['http.lowSpeedTime', String(STALL_SECONDS)],
    ['gc.auto', '0'],
    ['maintenance.auto', 'false'],
    ['init.defaultBranch', 'main'],
    ['push.gpgSign', 'false'],
  ];
  if (credential) settings.push([`http.${url}.extraHeader`, `Authorization: ${basic(credential)}`]);
  return {
    ...base,
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    SSH_ASKPASS: '',
    GIT_SSH_COMMAND: 'ssh -oBatchMode=yes',
    GIT_ALLOW_PROTOCOL: protocols.join(':'),
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  };
}

/** Every form in which a credential may come back in a message. */
export function secretsOf(credential: Credential | undefined): string[] {
  if (credential === undefined) return [];
  const { password } = credential;
  return [password, encodeURIComponent(password), basic(credential).slice('Basic '.length)];
}

function basic({ username, password }: Credential): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
