import type { Logger } from 'pino';
import type { ButtonStore } from '../../ports/button-store.ts';
import type { Chat } from '../../ports/chat.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Directory } from '../../ports/directory.ts';
import { createChat } from './chat.ts';
import { type ApiSettings, type Clients, createClients } from './clients.ts';
import { createDirectory } from './directory.ts';
import type { RoleMembers } from './directory-parts.ts';
import { type Identity, rememberIdentity } from './identity.ts';
import { createOutbox } from './outbox/outbox.ts';
import { createModals, type Modals } from './receive/modals.ts';
import { createRespond, type RespondTo } from './response-url.ts';
import type { Timers } from './timers.ts';

/** What is configured about the workspace. */
export interface SlackSettings extends ApiSettings {
  /** Roles by name. */
  roles: ReadonlyMap<string, RoleMembers>;
  /** Slack ids by lower-case e-mail address; asked before Slack. */
  emails: ReadonlyMap<string, string>;
  /** By login at GitHub, in lower case; absent: nobody has one. */
  logins?: ReadonlyMap<string, string>;
}

/** The workspace, ready to be talked to. Nothing is sent before something is asked for. */
export interface SlackConnection {
  chat: Chat;
  directory: Directory;
  clients: Clients;
  /** Who the bot is; asked once. Throws `UnavailableError`. */
  identity: () => Promise<Identity>;
  /** For the incoming side: answers on the spot. */
  respond: RespondTo;
  modals: Modals;
  /** Hands back what waits to be posted or edited, and settles when nothing is under way any more. */
  close(): Promise<void>;
}

/** Puts the outgoing side together: one for a process and workspace, Slack counts its limits so. */
export function connectSlack(
  settings: SlackSettings,
  parts: { buttons: ButtonStore; clock: Clock; timers: Timers; logger: Logger },
): SlackConnection {
  const { logger, clock } = parts;
  const clients = createClients(settings, logger);
  const identity = rememberIdentity(clients.outbox);
  const respond = createRespond(settings);
  const outbox = createOutbox(parts);
  const teamId = async () => (await identity()).teamId;
  return {
    chat: createChat({ clients, outbox, buttons: parts.buttons, identity, respond, logger }),
    directory: createDirectory({ ...settings, client: clients.outbox, teamId, clock, logger }),
    clients,
    identity,
    respond,
    modals: createModals(clients, logger),
    close: () => outbox.close(),
  };
}
