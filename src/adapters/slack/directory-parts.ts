import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { Clock } from '../../ports/clock.ts';

/** Who has a role: people by Slack id, and whoever is in these usergroups. */
export interface RoleMembers {
  people: readonly string[];
  usergroups: readonly string[];
}

/** What the directory is made of. */
export interface DirectoryParts {
  client: WebClient;
  /** Our workspace's id; people of any other are strangers. */
  teamId: () => Promise<string>;
  /** Roles of `signalbox.yaml` by name. */
  roles: ReadonlyMap<string, RoleMembers>;
  /** Slack ids by e-mail address, from `signalbox.yaml`; asked before Slack. */
  emails: ReadonlyMap<string, string>;
  /** Slack ids by login at GitHub in lower case, from `signalbox.yaml`; absent: nobody has one. */
  logins?: ReadonlyMap<string, string>;
  clock: Clock;
  logger: Pick<Logger, 'warn'>;
}
