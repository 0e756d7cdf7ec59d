import { z } from 'zod';
import { DurationMs } from '../domain/gate/duration.ts';
import { EnvironmentName, ServiceName } from '../domain/ids.ts';
import { WrittenGate } from '../domain/manifest/gate-schema.ts';
import { ArtifactSettings, GithubLogin, GithubSettings, OidcSettings } from './ci-schema.ts';
import { DatabaseSettings } from './database-schema.ts';
import { EnvironmentSettings } from './environment-schema.ts';
import {
  AlertSettings,
  CatalogSettings,
  ClusterSettings,
  ContractSettings,
  FlagProviderSettings,
  LedgerSettings,
  PolicySettings,
  PrometheusSettings,
  RegistrySettings,
  RepositorySettings,
} from './system-schema.ts';
import { HttpUrl, Mode, Name, Roles, SlackGroup, SlackUser } from './words.ts';

/** What people wrote is kept this long, apart from the facts, and then forgotten. */
const RETENTION = '90d';

const port = z.int().min(0).max(65_535);
/** Nothing listens to the network unless the file says so. */
const LOOPBACK = '127.0.0.1';

const SlackSettings = z.strictObject({
  /** Of the Web API, with a slash at the end. */
  apiUrl: HttpUrl.refine((url) => url.endsWith('/'), { error: 'must end with a slash' }).default(
    'https://slack.com/api/',
  ),
  /** `http`: Slack calls us. `socket`: we call Slack, for sites behind a firewall. */
  transport: z.enum(['http', 'socket']).default('http'),
  host: z.string().default(LOOPBACK),
  /** Where Slack's requests arrive; 0: any free one. Not used with `socket`. */
  port: port.default(3000),
  /** Put before every command name: `acme-` makes `/acme-release`. */
  commandPrefix: z
    .string()
    .regex(/^([a-z0-9][a-z0-9_-]{0,20})?$/, {
      error: 'must be lower-case letters, digits, hyphens and underscores',
    })
    .default(''),
  /** The workspace's id; absent: whatever the token belongs to. */
  team: z
    .string()
    .regex(/^[TE][A-Z0-9]{2,}$/, { error: "must be a workspace's id such as T012AB3CD" })
    .optional(),
});

const Person = z.strictObject({
  slack: SlackUser,
  name: z.string().min(1),
  /** As commits and image labels name them, so that authors are known. */
  emails: z.array(z.email()).default([]),
  /** Login on GitHub, so that comments and tags there are theirs. Whoever writes it here vouches for it. */
  github: GithubLogin.optional(),
});

const Role = z.strictObject({
  people: z.array(SlackUser).default([]),
  usergroups: z.array(SlackGroup).default([]),
});

const Incidents = z
  .strictObject({
    enabled: z.boolean().default(true),
    /** Channels are called `<prefix>-<number>-…`. */
    channelPrefix: z
      .string()
      .regex(/^[a-z0-9][a-z0-9_-]{0,20}$/)
      .default('inc'),
    /** Name of the emoji, without colons, that puts a message on the timeline. */
    pinEmoji: z
      .string()
      .regex(/^[a-z0-9_+'-]+$/)
      .default('pushpin'),
    retention: DurationMs.prefault(RETENTION),
  })
  .transform(({ retention, ...rest }) => ({ ...rest, retentionMs: retention }));

/** A personal token is made anew this often: long enough for a habit, short enough for one that was forgotten somewhere. */
const TOKEN_LIFETIME = '30d';

/** Asking by HTTP and from the command line, with personal tokens. */
const Api = z
  .strictObject({
    enabled: z.boolean().default(true),
    tokenLifetime: DurationMs.prefault(TOKEN_LIFETIME),
    /** Issuers of identity tokens by which programs ask as somebody, such as GitHub Actions. */
    oidc: z.record(Name, OidcSettings).default({}),
  })
  .transform(({ tokenLifetime, ...rest }) => ({ ...rest, tokenLifetimeMs: tokenLifetime }));

const TrainName = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,40}[a-z0-9])?$/, {
  error: 'must be lower-case letters, digits and hyphens',
});

/** At these times everything that was verified one environment earlier is cut, by the environment's policy. */
const TrainSettings = z.strictObject({
  environment: Name,
  /** Five fields as in crontab: minute, hour, day of the month, month, day of the week. */
  schedule: z.string(),
  timeZone: z.string().default('UTC'),
});

/** A time in which nothing begins, or the only time in which something does. Rollbacks are never held by it. */
const WindowSettings = z
  .strictObject({
    kind: z.enum(['allow', 'deny']),
    /** Again and again: five fields as in crontab; each lasts for `duration`. */
    schedule: z.string().optional(),
    duration: DurationMs.optional(),
    /** Once: a day, or a time of the place; `to` is the first moment outside. */
    from: z.string().optional(),
    to: z.string().optional(),
    timeZone: z.string().default('UTC'),
    /** Absent: every one. */
    environments: z.array(EnvironmentName).default([]),
    services: z.array(ServiceName).default([]),
    /** For people who meet it. */
    reason: z.string().min(3).max(200),
  })
  .transform(({ duration, ...rest }) => ({ ...rest, durationMs: duration }));

/** `signalbox.yaml`: everything but secrets. */
export const Config = z.strictObject({
  /** Names this installation in the store, in Git and in impersonation. */
  installation: Name,
  /** `observe`: no environment is acted on, whatever it says itself, and no repository is written to, the record's included. */
  mode: Mode.default('act'),
  slack: SlackSettings.prefault({}),
  /** In promotion order. */
  environments: z.array(EnvironmentSettings).min(1),
  repositories: z.record(Name, RepositorySettings),
  ledger: LedgerSettings,
  catalog: CatalogSettings,
  clusters: z.record(Name, ClusterSettings),
  prometheus: z.record(Name, PrometheusSettings).default({}),
  /** By host. Hosts that are not listed are asked without credentials. */
  registries: z.record(z.string(), RegistrySettings).default({}),
  /** Databases whose migrations releases wait for, by name. */
  databases: z.record(Name, DatabaseSettings).default({}),
  contracts: ContractSettings.prefault({}),
  alerting: AlertSettings.prefault({}),
  policy: PolicySettings.prefault({}),
  /** Builds that report what they built. */
  artifacts: ArtifactSettings.prefault({}),
  /** Absent: nobody is asked about checks there. */
  github: GithubSettings.optional(),
  flagProviders: z.record(Name, FlagProviderSettings).default({}),
  people: z.array(Person).default([]),
  roles: z.record(Name, Role),
  gatePresets: z.record(Name, WrittenGate).default({}),
  incidents: Incidents.prefault({}),
  /** Who may say, after a restore, that forward work goes on. Absent: those who may promote to the last environment. */
  recovery: z.strictObject({ confirmRestore: Roles.optional() }).default({}),
  /** Train of releases whose cut names none. */
  train: TrainName.default('release'),
  /** Trains that leave by themselves, by name. */
  trains: z.record(TrainName, TrainSettings).default({}),
  /** Freezes and change windows, by name. */
  windows: z.record(Name, WindowSettings).default({}),
  api: Api.prefault({}),
  /** Health, readiness, metrics and `api`. */
  listen: z.strictObject({ host: z.string().default(LOOPBACK), port: port.default(8080) }).prefault({}),
  /** Clones and, where we start it, Redis. */
  dataDir: z.string().min(1).default('.signalbox'),
});
export type Config = z.output<typeof Config>;
