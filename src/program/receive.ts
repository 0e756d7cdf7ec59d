import type { Logger } from 'pino';
import type { SlackConnection } from '../adapters/slack/connect.ts';
import { receiveOverHttp } from '../adapters/slack/receive/over-http.ts';
import { receiveOverSocket } from '../adapters/slack/receive/over-socket.ts';
import type { Receiving, Route } from '../adapters/slack/receive/receiving.ts';
import { realTimers } from '../adapters/slack/timers.ts';
import type { Config } from '../config/schema.ts';
import type { Secrets } from '../config/secrets.ts';
import { formTitle } from '../domain/form-title.ts';
import { byHand, type Remembered } from '../domain/release/by-hand.ts';
import type { Request } from '../domain/request.ts';
import type { Rules } from '../domain/rules.ts';
import { offline } from '../views/offline.ts';
import { grammarOf } from './open-api.ts';
import type { Stores } from './open-stores.ts';
import { systemClock } from './open-stores.ts';

/** Takes in what people ask for, by the transport of the configuration. */
export async function receive(parts: {
  config: Config;
  secrets: Secrets;
  rules: Rules;
  log: Logger;
  slack: SlackConnection;
  stores: Stores;
  routes: readonly Route[];
  /** Whether what is said in a channel may be of use to an incident. */
  hears: (channel: string) => boolean;
  /** What is known while the store is away. */
  remembered: Remembered;
}): Promise<Receiving> {
  const { config, secrets, rules, log, slack, stores, routes } = parts;
  const shared = {
    grammar: grammarOf(rules),
    formTitle,
    inbox: stores.inbox,
    bells: stores.belfry.bells,
    buttons: stores.buttons,
    modals: slack.modals,
    respond: slack.respond,
    clients: slack.clients,
    identity: slack.identity,
    directory: slack.directory,
    clock: systemClock,
    seen: stores.seen,
    offline: (request: Request | undefined, { isUnsure }: { isUnsure: boolean }) =>
      offline(request && byHand(request, parts.remembered), { isUnsure, origins: config.repositories }),
    ...(rules.incidents.enabled && { incidents: { pinEmoji: rules.incidents.pinEmoji, hears: parts.hears } }),
    logger: log,
  };
  if (config.slack.transport === 'socket') {
    return receiveOverSocket(shared, {
      appToken: secrets.find('SLACK_APP_TOKEN')?.reveal() ?? '',
      apiUrl: config.slack.apiUrl,
      timers: realTimers,
    });
  }
  return receiveOverHttp(shared, {
    signingSecret: secrets.find('SLACK_SIGNING_SECRET')?.reveal() ?? '',
    host: config.slack.host,
    port: config.slack.port,
    routes,
  });
}
