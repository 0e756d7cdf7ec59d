import type { Logger } from 'pino';
import { commands } from '../../commands/registry.ts';
import { apiDoor } from '../adapters/api/door.ts';
import type { Door } from '../adapters/api/serve-door.ts';
import { createIdentityTokens, looksLikeIdentityToken } from '../adapters/oidc/identity-tokens.ts';
import type { Config } from '../config/schema.ts';
import { byHand, type Remembered } from '../domain/release/by-hand.ts';
import type { Request } from '../domain/request.ts';
import type { Rules } from '../domain/rules.ts';
import type { Tokens } from '../ports/tokens.ts';
import { offline } from '../views/offline.ts';
import { plainMessage } from '../views/plain-text.ts';
import { type Stores, systemChance, systemClock } from './open-stores.ts';
import { plainNames } from './reply-where-asked.ts';

/** An issuer that is slower would let callers wait who could send it again. */
const KEYS_WITHIN_MS = 5_000;

/** The way in by HTTP, over the same grammar and inbox as Slack's. */
export function openApi(parts: {
  config: Config;
  rules: Rules;
  log: Logger;
  stores: Stores;
  remembered: Remembered;
  /** The workspace's id. */
  team(): Promise<string>;
}): Door {
  const { config, rules, log, stores, remembered } = parts;
  const names = plainNames(config, (user) => user);
  return apiDoor({
    ...stores,
    tokens: everyToken(parts),
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

/** Personal tokens, and identity tokens of those issuers whom the configuration names. */
function everyToken({
  config,
  stores,
  team,
}: Pick<Parameters<typeof openApi>[0], 'config' | 'stores' | 'team'>): Pick<Tokens, 'holder'> {
  const issuers = Object.values(config.api.oidc);
  if (issuers.length === 0) return stores.tokens;
  const identities = createIdentityTokens(issuers, {
    clock: systemClock,
    timeoutMs: KEYS_WITHIN_MS,
    personOf: async (user) => `slack:${await team()}:${user}`,
  });
  return {
    holder: (token) =>
      looksLikeIdentityToken(token) ? identities.holder(token) : stores.tokens.holder(token),
  };
}

/** Every command, with the names of this installation. */
export function grammarOf(rules: Pick<Rules, 'environments' | 'commandPrefix'>) {
  return {
    commands,
    vocabulary: { environments: rules.environments.map(({ name }) => name), prefix: rules.commandPrefix },
  };
}
