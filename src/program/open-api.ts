import type { Logger } from 'pino';
import { commands } from '../../commands/registry.ts';
import { apiDoor } from '../adapters/api/door.ts';
import type { Door } from '../adapters/api/serve-door.ts';
import type { Config } from '../config/schema.ts';
import { byHand, type Remembered } from '../domain/release/by-hand.ts';
import type { Request } from '../domain/request.ts';
import type { Rules } from '../domain/rules.ts';
import { offline } from '../views/offline.ts';
import { plainMessage } from '../views/plain-text.ts';
import { type Stores, systemChance, systemClock } from './open-stores.ts';
import { plainNames } from './reply-where-asked.ts';

/** The way in by HTTP, over the same grammar and inbox as Slack's. */
export function openApi(parts: {
  config: Config;
  rules: Rules;
  log: Logger;
  stores: Stores;
  remembered: Remembered;
}): Door {
  const { config, rules, log, stores, remembered } = parts;
  const names = plainNames(config, (user) => user);
  return apiDoor({
    ...stores,
    grammar: grammarOf(rules),
    bells: stores.belfry.bells,
    clock: systemClock,
    chance: systemChance,
    offline(request: Request | undefined, { isUnsure }: { isUnsure: boolean }) {
      const by = request && byHand(request, remembered);
      return plainMessage(offline(by, { isUnsure, origins: config.repositories }), names);
    },
    logger: log,
  });
}

/** Every command, with the names of this installation. */
export function grammarOf(rules: Pick<Rules, 'environments' | 'commandPrefix'>) {
  return {
    commands,
    vocabulary: { environments: rules.environments.map(({ name }) => name), prefix: rules.commandPrefix },
  };
}
