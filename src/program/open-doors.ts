import type { Logger } from 'pino';
import { artifactsDoor } from '../adapters/api/artifacts-door.ts';
import { githubDoor } from '../adapters/api/github-door.ts';
import type { Door } from '../adapters/api/serve-door.ts';
import type { Config } from '../config/schema.ts';
import type { Secrets } from '../config/secrets.ts';
import type { Rules } from '../domain/rules.ts';
import { TerminalError } from '../errors.ts';
import { recordArtifact } from '../jobs/artifacts/record-artifact.ts';
import type { CatalogSource } from '../jobs/cut/catalog-source.ts';
import type { Ports } from '../ports/ports.ts';
import { grammarOf } from './open-api.ts';
import { type Stores, systemChance, systemClock } from './open-stores.ts';

/** A secret that is shorter can be tried out from one signed message. */
const SHORTEST_SECRET = 16;

interface DoorParts {
  config: Config;
  secrets: Secrets;
  rules: Rules;
  log: Logger;
  stores: Stores;
  ports: Ports;
  catalog: CatalogSource;
}

/** The ways in for programs that sign what they say; each is open where the configuration names who may. */
export function openDoors(parts: DoorParts): Door[] {
  return [...artifacts(parts), ...github(parts)];
}

function artifacts({ config, secrets, log, stores, ports, catalog }: DoorParts): Door[] {
  const reporters = Object.entries(config.artifacts.reporters);
  if (reporters.length === 0) return [];
  return [
    artifactsDoor({
      quota: stores.quota,
      clock: systemClock,
      chance: systemChance,
      logger: log,
      reporters: Object.fromEntries(
        reporters.map(([name, { secretEnv, services }]) => [
          name,
          { secret: signingSecret(secrets, secretEnv), services },
        ]),
      ),
      record: (report, by) => recordArtifact(ports, catalog, { report, by }),
    }),
  ];
}

function github({ config, secrets, rules, log, stores }: DoorParts): Door[] {
  const variable = config.github?.webhookSecretEnv;
  if (variable === undefined) return [];
  const known = Object.values(rules.repositories).flatMap((repository) => repository.github ?? []);
  return [
    githubDoor({
      ...stores,
      grammar: grammarOf(rules),
      bells: stores.belfry.bells,
      clock: systemClock,
      chance: systemChance,
      logger: log,
      secret: signingSecret(secrets, variable),
      repositories: new Set(known.map((name) => name.toLowerCase())),
      channel: rules.environments[0]?.channel ?? '',
    }),
  ];
}

/** Throws `TerminalError` for one that is too short to sign with. */
function signingSecret(secrets: Secrets, variable: string): string {
  const secret = secrets.named(variable).reveal();
  if (secret.length >= SHORTEST_SECRET) return secret;
  throw new TerminalError(
    `${variable} has fewer than ${SHORTEST_SECRET} characters: make one with openssl rand -hex 32`,
  );
}
