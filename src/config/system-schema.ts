import { z } from 'zod';
import { FLAG_PROVIDER_KINDS } from '../domain/flag/flag-book.ts';
import { DurationMs } from '../domain/gate/duration.ts';
import { EnvironmentName, ServiceName } from '../domain/ids.ts';
import { GithubRepository } from './ci-schema.ts';
import { HttpUrl, Name, VariableName } from './words.ts';

/** Prometheus's own default. Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/ */
const SCRAPE_INTERVAL = '1m';
/** Facts that decided nothing on the last environment reach Git at most this late. */
const LEDGER_DELAY = '30s';

const RelativePath = z
  .string()
  .refine(
    (path) =>
      path
        .split('/')
        .every((step) => step !== '' && step !== '.' && step !== '..' && step.toLowerCase() !== '.git'),
    { error: 'must be a path inside the repository, from its root' },
  );

/** A Git repository. */
export const RepositorySettings = z.strictObject({
  url: z.string(),
  branch: z.string().min(1).default('main'),
  /** Who commits; the author of each commit is the person who asked. */
  committer: z
    .strictObject({ name: z.string().min(1), email: z.email() })
    .default({ name: 'Signalbox', email: 'signalbox@localhost.invalid' }),
  tokenEnv: VariableName.optional(),
  /** Absent: hosts that take a token alone. */
  usernameEnv: VariableName.optional(),
  /** What `git` may speak. Anything but https is for a desk or a private network. */
  protocols: z
    .array(z.enum(['https', 'http', 'ssh', 'file']))
    .min(1)
    .default(['https']),
  /** Prefix of branches to propose a commit on when the branch is protected; absent: it is an answer to a person. */
  proposeBranch: z.string().min(1).optional(),
  /** The source of services, from which release notes are made: read, and never written to. */
  readOnly: z.boolean().default(false),
  /** Where hotfixes of a source are built from, besides `branch`; `{incident}` is `inc-3`. */
  hotfixBranch: z.string().min(1).default('hotfix/{incident}'),
  /** Where a person reads a commit: `https://github.com/acme/gitops/commit/{commit}`. */
  commitUrl: HttpUrl.optional(),
  /** What GitHub calls it; absent: as `url` says where that leads to github.com. */
  github: GithubRepository.optional(),
});
export type RepositorySettings = z.output<typeof RepositorySettings>;

/** Where the record of everything is kept for good. A repository of its own is advised. */
export const LedgerSettings = z
  .strictObject({
    repository: Name,
    branch: z.string().min(1).default('signalbox-ledger'),
    maxDelay: DurationMs.prefault(LEDGER_DELAY),
    /** Public halves, in PEM, of keys that signed the record before the present one. */
    formerKeys: z.array(z.string()).default([]),
  })
  .transform(({ maxDelay, ...rest }) => ({ ...rest, maxDelayMs: maxDelay }));

/** A check before a release waits for everybody who is asked; whoever takes longer is not known. */
const ANSWER_WITHIN = '10s';

/** Backstage is asked at most this often; what it said last counts meanwhile. */
const BACKSTAGE_EVERY = '1m';

/** A live Backstage that fills up what the catalog's file leaves open. */
export const BackstageSettings = z
  .strictObject({
    /** Of its catalog: `https://backstage.example.com/api/catalog`. */
    url: HttpUrl,
    filter: z.string().min(1).default('kind=component,spec.type=service'),
    tokenEnv: VariableName.optional(),
    refresh: DurationMs.prefault(BACKSTAGE_EVERY),
    /** For each question. */
    answerWithin: DurationMs.prefault(ANSWER_WITHIN),
  })
  .transform(({ refresh, answerWithin, ...rest }) => ({
    ...rest,
    refreshMs: refresh,
    answerWithinMs: answerWithin,
  }));
export type BackstageSettings = z.output<typeof BackstageSettings>;

export const CatalogSettings = z.strictObject({
  repository: Name,
  path: RelativePath.default('catalog.yaml'),
  backstage: BackstageSettings.optional(),
});

/** `namespaces` watches those in which services are placed; `cluster` watches all, and needs the rights for it. */
const scope = z.enum(['namespaces', 'cluster']).default('namespaces');

/** How a cluster's API server is reached: by a kubeconfig, by address and token, or as the pod that this runs in. */
export const ClusterSettings = z.union([
  z.strictObject({ kubeconfig: z.string(), context: z.string().optional(), scope }),
  z.strictObject({
    server: HttpUrl,
    tokenEnv: VariableName,
    /** Certificate authority in PEM; absent: those of the system. */
    caFile: z.string().optional(),
    /** For a desk only. */
    insecureSkipTlsVerify: z.boolean().default(false),
    scope,
  }),
  z.strictObject({ inCluster: z.literal(true), scope }),
]);
export type ClusterSettings = z.output<typeof ClusterSettings>;

/** Headers that carry secrets have variables of their own. */
const PlainHeaders = z.record(
  z.string().regex(/^(?!(authorization|proxy-authorization|cookie)$)[a-z0-9-]+$/i, {
    error: 'is no header that may stand here: secrets go by tokenEnv',
  }),
  z.string(),
);

export const PrometheusSettings = z
  .strictObject({
    url: HttpUrl,
    /** Where people see a query drawn; absent: `url`. */
    externalUrl: HttpUrl.optional(),
    tokenEnv: VariableName.optional(),
    /** Such as `X-Scope-OrgID`. */
    headers: PlainHeaders.default({}),
    /** How long a scrape may lag. */
    scrapeInterval: DurationMs.prefault(SCRAPE_INTERVAL),
  })
  .transform(({ scrapeInterval, ...rest }) => ({ ...rest, scrapeIntervalMs: scrapeInterval }));
export type PrometheusSettings = z.output<typeof PrometheusSettings>;

/** Whoever keeps contracts: a bearer token, or a name and a password. */
const Keeper = {
  url: HttpUrl,
  tokenEnv: VariableName.optional(),
  usernameEnv: VariableName.optional(),
  passwordEnv: VariableName.optional(),
};

/** Those who are asked whether versions keep the contracts between them. What is not here cannot be asked. */
export const ContractSettings = z
  .strictObject({
    /** One that speaks the API of Confluent's. */
    schemaRegistry: z.strictObject(Keeper).optional(),
    pactBroker: z
      .strictObject({
        ...Keeper,
        /** What the broker calls our environments, where it is not the same. */
        environments: z.record(EnvironmentName, z.string().min(1)).default({}),
      })
      .optional(),
    /** For each question. */
    answerWithin: DurationMs.prefault(ANSWER_WITHIN),
  })
  .transform(({ answerWithin, ...rest }) => ({ ...rest, answerWithinMs: answerWithin }));
export type ContractSettings = z.output<typeof ContractSettings>;

/** A label's name. Source: https://prometheus.io/docs/concepts/data_model/ */
const Label = z.string().regex(/^[a-zA-Z_]\w*$/, { error: 'must be the name of a label' });

/** Those who are called when something is wrong. A gate of type incident asks each of them; what is not here cannot be asked. */
export const AlertSettings = z
  .strictObject({
    alertmanager: z
      .strictObject({
        ...Keeper,
        /** As in its routes; every one must match. */
        matchers: z.array(z.string().min(1).max(500)).max(20).default(['severity="page"']),
        /** Labels that name the service and the environment that an alert is about. */
        serviceLabel: Label.default('service'),
        environmentLabel: Label.default('environment'),
      })
      .optional(),
    pagerDuty: z
      .strictObject({
        url: HttpUrl.default('https://api.pagerduty.com'),
        /** A REST API key that may read. */
        tokenEnv: VariableName,
        /** Our services to the ids of theirs; empty: every high-urgency incident of the account keeps a release back. */
        services: z
          .record(
            ServiceName,
            z.string().regex(/^P[A-Z0-9]{3,}$/, { error: "must be a service's id such as PABC123" }),
          )
          .default({}),
      })
      .optional(),
    /** For each question. */
    answerWithin: DurationMs.prefault(ANSWER_WITHIN),
  })
  .transform(({ answerWithin, ...rest }) => ({ ...rest, answerWithinMs: answerWithin }));
export type AlertSettings = z.output<typeof AlertSettings>;

/** Evaluating takes milliseconds; whoever takes longer denies. */
const DECIDED_WITHIN = '5s';

/** Rules of the installation's own, in Rego: on an OPA server or in a bundle. Neither: there are none. */
export const PolicySettings = z
  .strictObject({
    opa: z.strictObject({ url: HttpUrl, tokenEnv: VariableName.optional() }).optional(),
    /** A file that `opa build -t wasm -e release/decision` made. */
    bundle: z.string().min(1).optional(),
    /** Path of the rule that is asked for. */
    decision: z
      .string()
      .regex(/^[A-Za-z_][\w-]*(\/[A-Za-z_][\w-]*)*$/, { error: 'must be a path such as release/decision' })
      .default('release/decision'),
    answerWithin: DurationMs.prefault(DECIDED_WITHIN),
  })
  .refine(({ opa, bundle }) => opa === undefined || bundle === undefined, {
    error: 'names a server and a bundle: keep one of them',
  })
  .transform(({ answerWithin, ...rest }) => ({ ...rest, answerWithinMs: answerWithin }));
export type PolicySettings = z.output<typeof PolicySettings>;

/** A kill switch waits for its provider no longer. */
const FLAG_ANSWER_WITHIN = '5s';

/** Who keeps feature flags. What is not here can be neither read nor set. */
export const FlagProviderSettings = z
  .strictObject({
    /** `ofrep` evaluates flags of whatever vendor, and changes none. */
    kind: z.enum(FLAG_PROVIDER_KINDS),
    url: HttpUrl,
    /** Of an account or service that may read flags and set them. Absent: nobody is asked who we are. */
    tokenEnv: VariableName.optional(),
    /** Project of flags that name none. */
    project: z.string().min(1).default('default'),
    /** What the provider calls our environments, where it is not the same. */
    environments: z.record(EnvironmentName, z.string().min(1)).default({}),
    /** For each question. */
    answerWithin: DurationMs.prefault(FLAG_ANSWER_WITHIN),
  })
  .transform(({ answerWithin, ...rest }) => ({ ...rest, answerWithinMs: answerWithin }));
export type FlagProviderSettings = z.output<typeof FlagProviderSettings>;

/** An OCI registry, by its host as images name it. */
export const RegistrySettings = z.strictObject({
  /** Where it really is; absent: `https://<host>`. */
  url: HttpUrl.optional(),
  usernameEnv: VariableName.optional(),
  passwordEnv: VariableName.optional(),
  /** Speak plain HTTP, or don't check its certificate. For a desk only. */
  insecure: z.boolean().default(false),
});
export type RegistrySettings = z.output<typeof RegistrySettings>;
