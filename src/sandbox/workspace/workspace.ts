import type { AppTarget } from './app/app-link.ts';
import type { WireAnswer, WireRequest } from './app/http-transport.ts';
import type { Delivery } from './app/payload.ts';
import type { OwnCommand } from './parts.ts';
import type { PersonDriver } from './people/driver.ts';
import type { WorkspaceSeed } from './seed.ts';
import type {
  Channel,
  Ephemeral,
  Message,
  Notification,
  OpenView,
  Person,
  Usergroup,
} from './state/model.ts';
import type { Timing } from './timing.ts';
import type { ApiCall } from './web-api/api-call.ts';
import type { Faults } from './web-api/faults.ts';
import type { RateLimitSetting } from './web-api/rate-limits.ts';

/** What a workspace is started with. */
export interface WorkspaceOptions {
  readonly seed: WorkspaceSeed;
  /** The Slack app manifest, parsed from its YAML: commands, shortcuts, scopes, events. It is checked. */
  readonly manifest: unknown;
  /** Commands that the workspace answers itself. */
  readonly ownCommands?: readonly OwnCommand[];
  /** Where to listen on 127.0.0.1; 0 or absent: any free port. */
  readonly port?: number;
  /** Scopes of the bot token; absent: those of the manifest. For tests of what happens when one was not granted. */
  readonly scopes?: readonly string[];
  /** Absent: fresh ones. */
  readonly tokens?: { readonly bot: string; readonly app: string };
  /** Absent: a fresh one. */
  readonly signingSecret?: string;
  /** Absent: Slack's own limits. */
  readonly rateLimits?: RateLimitSetting;
  /** What is absent: Slack's own times. */
  readonly timing?: Partial<Timing>;
  /** Milliseconds since 1970; absent: the machine's clock. */
  readonly now?: () => number;
  /** Markdown for the page's panel "Things to try"; absent or empty: no panel. */
  readonly thingsToTry?: string;
  /** Name or id of the person the page shows first; absent: the first of the seed. */
  readonly firstPerson?: string;
}

/** What there is in a workspace, for assertions. Live: it changes under the reader. */
export interface WorkspaceState {
  readonly people: ReadonlyMap<string, Person>;
  readonly usergroups: ReadonlyMap<string, Usergroup>;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly ephemerals: readonly Ephemeral[];
  readonly notifications: readonly Notification[];
  /** Modal stack of each person, bottom first. */
  readonly modals: ReadonlyMap<string, readonly OpenView[]>;
  readonly homes: ReadonlyMap<string, OpenView>;
  /** A channel by name or id. Throws when there is none. */
  channel(nameOrId: string): Channel;
  /** Messages of a channel, threads included, oldest first. */
  messages(channel: string): readonly Message[];
}

/** Trouble on demand. */
export interface WorkspaceFaults extends Faults {
  /** Takes the bot out of a channel: from then on `not_in_channel`. */
  kickBot(channel: string): void;
  /** The whole server goes: connections are cut, new ones refused. */
  down(): Promise<void>;
  /** It comes back on the same port, with everything it knew. */
  up(): Promise<void>;
}

/** Socket Mode, seen from Slack's side. */
export interface WorkspaceSockets {
  /** How many connections the app has open. */
  count(): number;
  /** Replaces the oldest connection, as Slack does every few hours: with a warning some seconds ahead, or at once. */
  refresh(options?: { readonly isWarned?: boolean }): void;
}

/** What an attacker or a stuttering network sends to the app's request URL. */
export interface RawRequests {
  /** Signs a body as Slack does, or with another secret or another time. */
  sign(
    body: string,
    options?: { readonly secret?: string; readonly timestampSeconds?: number; readonly contentType?: string },
  ): WireRequest;
  send(request: WireRequest): Promise<WireAnswer>;
  /** Sends a delivery once more, byte for byte. */
  replay(delivery: Delivery): Promise<WireAnswer>;
}

/** A running workspace. Disposing it closes everything it opened. */
export interface Workspace extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** For a client's `slackApiUrl`; ends with a slash. */
  readonly apiUrl: string;
  /** The page, with its secret. */
  readonly pageUrl: string;
  readonly tokens: { readonly bot: string; readonly app: string };
  readonly signingSecret: string;
  readonly teamId: string;
  readonly appId: string;
  readonly botUserId: string;
  connectApp(target: AppTarget): void;
  /** Somebody at a screen, by name or id. Throws for names nobody has. */
  person(nameOrId: string): PersonDriver;
  /** Every Web API call, oldest first. */
  readonly requests: readonly ApiCall[];
  /** Everything that was sent to the app, oldest first. */
  readonly deliveries: readonly Delivery[];
  state(): WorkspaceState;
  readonly faults: WorkspaceFaults;
  readonly sockets: WorkspaceSockets;
  readonly raw: RawRequests;
  /**
   * Waits until `find` gives something other than undefined, null or false, and gives that. It looks again whenever anything changes.
   * Throws when `deadlineMs` (absent: 5000) is over, saying `what` was awaited.
   */
  waitFor<T>(
    find: (state: WorkspaceState) => T | undefined | null | false,
    options?: { readonly deadlineMs?: number; readonly what?: string },
  ): Promise<T>;
}
