import { z } from 'zod';
import { CheckName, ReporterName } from '../domain/artifact/evidence.ts';
import { DurationMs } from '../domain/gate/duration.ts';
import { ServiceName } from '../domain/ids.ts';
import { HttpUrl, SlackUser, VariableName } from './words.ts';

/** Who may report artifacts: each pipeline, or each organisation of them, with a secret of its own. */
export const ArtifactSettings = z.strictObject({
  reporters: z
    .record(
      ReporterName,
      z.strictObject({
        /** Of at least 16 characters; reports are signed with it. */
        secretEnv: VariableName,
        /** Services it may speak for; absent: all. */
        services: z.array(ServiceName).min(1).optional(),
      }),
    )
    .default({}),
});

/** A preflight waits for GitHub with everybody else; whoever takes longer is not known. */
const ANSWER_WITHIN = '10s';

/** GitHub, or a GitHub Enterprise Server. */
export const GithubSettings = z
  .strictObject({
    /** Of the REST API; of an Enterprise Server `https://<host>/api/v3`. */
    apiUrl: HttpUrl.default('https://api.github.com'),
    /** A fine-grained token. Better is an app. */
    tokenEnv: VariableName.optional(),
    /** A GitHub App, installed on the organisation. */
    app: z
      .strictObject({
        /** Its client id or app id. */
        id: z.union([z.string().min(1), z.int().positive().transform(String)]),
        installation: z.int().positive(),
        /** Its private key, in PEM. */
        privateKeyEnv: VariableName,
      })
      .optional(),
    /** Of the webhook that calls `/api/github`; absent: none is taken in. */
    webhookSecretEnv: VariableName.optional(),
    /** `person`: a tag cuts as whoever pushed it. `policy`: as the environment's policy where nobody is known by that login. */
    tagsBy: z.enum(['person', 'policy']).default('person'),
    /** For each question. */
    answerWithin: DurationMs.prefault(ANSWER_WITHIN),
  })
  .refine(({ tokenEnv, app }) => (tokenEnv === undefined) !== (app === undefined), {
    error: 'needs either tokenEnv or app',
  })
  .transform(({ answerWithin, ...rest }) => ({ ...rest, answerWithinMs: answerWithin }));
export type GithubSettings = z.output<typeof GithubSettings>;

/** `owner/name`. */
export const GithubRepository = z.string().regex(/^[A-Za-z0-9_-]{1,39}\/[A-Za-z0-9_.-]{1,100}$/, {
  error: 'must be owner/name, such as acme/orders-api',
});

/** A login, with the suffix that managed users have. */
export const GithubLogin = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,45}$/, {
  error: 'must be a login of GitHub',
});

/** Checks of GitHub that releases to an environment have to show. */
export const CheckSettings = z.strictObject({
  /** Of every service; the catalog adds more for its own. */
  required: z.array(CheckName).max(50).default([]),
  /** What passes besides a success. */
  accept: z.array(z.enum(['neutral', 'skipped'])).default([]),
  /** Whether the source's branch must require them: not asked, shown, or refused. */
  onBranch: z.enum(['off', 'warn', 'refuse']).default('off'),
});

const Most = z.int().min(0).optional();
/** A check of GitHub that counts where no build has reported this. */
const orCheck = CheckName.optional();

/** Findings by severity: at most so many. */
const FindingSettings = z.strictObject({ critical: Most, high: Most, medium: Most, low: Most, orCheck });

/** What builds must have reported of everything that is released to an environment. What is absent is not asked for. */
export const EvidenceSettings = z.strictObject({
  /** Lines in per cent, rounded. */
  coverage: z.strictObject({ min: z.number().min(0).max(100), orCheck }).optional(),
  sast: FindingSettings.optional(),
  vulnerabilities: FindingSettings.optional(),
  /** None may be found. */
  secrets: z.strictObject({ orCheck }).optional(),
  sbom: z.strictObject({ orCheck }).optional(),
  /** By name, reported by a build or passed on GitHub. */
  checks: z.array(CheckName).max(50).default([]),
});

/** An issuer of identity tokens (OpenID Connect). */
export const OidcSettings = z.strictObject({
  /** As its tokens name it, such as https://token.actions.githubusercontent.com. */
  issuer: HttpUrl,
  /** What its tokens must be meant for; a workflow asks for it by name. */
  audience: z.string().min(1),
  /** Where its keys are; absent: as its discovery document says. */
  jwksUrl: HttpUrl.optional(),
  principals: z
    .array(
      z.strictObject({
        /** The claim `sub`, exactly: `repo:acme/shop:ref:refs/heads/main`. */
        subject: z.string().min(1),
        /** More claims that must be exactly so. */
        claims: z.record(z.string(), z.string()).default({}),
        /** Whoever vouches for it: it may do what they may, in their name. */
        as: SlackUser,
      }),
    )
    .min(1),
});
