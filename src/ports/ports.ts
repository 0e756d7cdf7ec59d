import type { Alerts } from './alerts.ts';
import type { Bells } from './bells.ts';
import type { Chat } from './chat.ts';
import type { Chance, Clock } from './clock.ts';
import type { Cluster } from './cluster.ts';
import type { Contracts } from './contracts.ts';
import type { Directory } from './directory.ts';
import type { Flags } from './flags.ts';
import type { Forge } from './forge.ts';
import type { Git } from './git.ts';
import type { Inbox } from './inbox.ts';
import type { Ledger } from './ledger.ts';
import type { Metrics } from './metrics.ts';
import type { Migrations } from './migrations.ts';
import type { Patience } from './patience.ts';
import type { Policy } from './policy.ts';
import type { Registry } from './registry.ts';
import type { Scratch } from './scratch.ts';
import type { Snapshots } from './snapshots.ts';
import type { Texts } from './texts.ts';
import type { Tokens } from './tokens.ts';
import type { Yaml } from './yaml.ts';

/** Every port by name, for slices: a job takes `Pick<Ports, 'ledger' | 'clock'>` and nothing more. */
export interface Ports {
  ledger: Ledger;
  inbox: Inbox;
  bells: Bells;
  texts: Texts;
  scratch: Scratch;
  snapshots: Snapshots;
  tokens: Tokens;
  git: Git;
  yaml: Yaml;
  cluster: Cluster;
  metrics: Metrics;
  alerts: Alerts;
  registry: Registry;
  contracts: Contracts;
  forge: Forge;
  migrations: Migrations;
  policy: Policy;
  flags: Flags;
  chat: Chat;
  directory: Directory;
  clock: Clock;
  chance: Chance;
  patience: Patience;
}
