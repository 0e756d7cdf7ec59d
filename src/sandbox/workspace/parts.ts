import type { AppLink } from './app/app-link.ts';
import type { ResponseUrls } from './app/response-urls.ts';
import type { SocketTransport } from './app/socket-transport.ts';
import type { Triggers } from './app/triggers.ts';
import type { AppManifest } from './app-manifest.ts';
import type { World } from './state/world.ts';

/** A slash command that the workspace answers itself, as another app's would be. */
export interface OwnCommand {
  /** With its slash. */
  readonly command: string;
  readonly description: string;
  readonly usage_hint: string;
  /** Answers only the person who typed it. */
  run(person: string, text: string): Promise<string>;
}

/** What the parts of a running workspace share. Functions take the slice they use. */
export interface WorkspaceParts {
  readonly world: World;
  readonly manifest: AppManifest;
  readonly ownCommands: readonly OwnCommand[];
  /** Scopes of the bot token. */
  readonly scopes: ReadonlySet<string>;
  readonly tokens: { readonly bot: string; readonly app: string };
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
  readonly sockets: SocketTransport;
  readonly link: AppLink;
  /** Where the server listens, without a slash at the end. */
  readonly url: string;
}
