import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GitRepositories } from '../adapters/git/git.ts';
import { readUsergroup } from '../adapters/slack/check.ts';
import { type Clients, createClients } from '../adapters/slack/clients.ts';
import { type Identity, rememberIdentity } from '../adapters/slack/identity.ts';
import { guardedYaml } from '../adapters/yaml/guarded-yaml.ts';
import type { Components } from '../ports/components.ts';
import type { Yaml } from '../ports/yaml.ts';
import { openBackstage, openRepositories, type WorldParts } from './open-world.ts';
import type { RoleSource } from './people-who-act.ts';
import { slackSettings } from './slack-settings.ts';

/** Ways to ask the world that need no Redis and leave nothing behind: for the command line. */
export interface Asking extends RoleSource, AsyncDisposable {
  slack: Clients['outbox'];
  identity: () => Promise<Identity>;
  git: GitRepositories;
  yaml: Yaml;
  /** Absent where none is configured. */
  backstage: Components | undefined;
}

/** Opens them; nothing is contacted yet. */
export async function openForAsking(parts: WorldParts): Promise<Asking> {
  const { config, secrets, log } = parts;
  const open = new AsyncDisposableStack();
  try {
    // A folder of its own: the clones of a program that runs here belong to that one alone.
    const directory = open.adopt(await mkdtemp(join(tmpdir(), 'signalbox-asking-')), (path) =>
      rm(path, { recursive: true, force: true }),
    );
    const yaml = open.use(guardedYaml());
    const git = open.use(await openRepositories(parts, { yaml, dataDir: directory }));
    const { outbox: slack } = createClients(slackSettings(config, secrets), log);
    const identity = rememberIdentity(slack);
    const members = new Map<string, Promise<string[]>>();
    const kept = open.move();
    return {
      slack,
      identity,
      git,
      yaml,
      backstage: openBackstage(parts),
      team: async () => config.slack.team ?? (await identity()).teamId,
      usergroup(id) {
        const known = members.get(id) ?? readUsergroup(slack, id);
        members.set(id, known);
        return known;
      },
      [Symbol.asyncDispose]: () => kept.disposeAsync(),
    };
  } catch (error) {
    await open.disposeAsync();
    throw error;
  }
}
