import { z } from 'zod';
import { DurationMs } from '../domain/gate/duration.ts';
import { EnvironmentName } from '../domain/ids.ts';
import { CheckSettings, EvidenceSettings } from './ci-schema.ts';
import { Mode, Name, Roles, SlackChannel } from './words.ts';

/** A working day: an approval given in the morning still counts in the afternoon. */
const APPROVALS_EXPIRE = '8h';
/** Slack answers with usergroups at most this old; for a place where an old list would do harm, say less. */
const MEMBERSHIP_FRESH = '1m';

const Approvals = z
  .strictObject({
    /** Distinct people who did not make the release; 0 asks nobody. No default: nobody lets releases pass by omission. */
    required: z.int().min(0).max(20),
    /** Roles whose members count. */
    from: Roles.default([]),
    /** Whose owners are asked besides: nobody's, those of tier 0 and 1, everybody's. */
    owners: z.enum(['none', 'tier-1', 'all']).default('none'),
    expiresAfter: DurationMs.prefault(APPROVALS_EXPIRE),
  })
  .transform(({ expiresAfter, ...rest }) => ({ ...rest, expiresAfterMs: expiresAfter }));

/** Who may do what. A verb that is left out is allowed to those who may cut. */
const May = z
  .strictObject({
    cut: Roles,
    promote: Roles.optional(),
    resume: Roles.optional(),
    abort: Roles.optional(),
    rollback: Roles.optional(),
  })
  .transform((may) => ({
    cut: may.cut,
    promote: may.promote ?? may.cut,
    resume: may.resume ?? may.cut,
    abort: may.abort ?? may.cut,
    rollback: may.rollback ?? may.cut,
  }));

/** Where checklists stand by custom; a folder that is not there, or holds none, asks for nothing. Source: seeds 001 and 004. */
const CHECKLISTS = ['checklists/*.md', 'docs/release/*.md'];

/** One environment. Their order in the file is the order in which releases are promoted. */
export const EnvironmentSettings = z
  .strictObject({
    name: EnvironmentName,
    channel: SlackChannel,
    /** Repository that holds the manifest. */
    repository: Name,
    /** Path of the manifest; `{environment}` and `{train}` are filled in. */
    manifestPath: z.string().default('releases/{environment}/release.yaml'),
    approvals: Approvals,
    /** Roles whose members may approve a hotfix besides those of `approvals`. Absent: those who may roll back. */
    hotfixApprovers: Roles.optional(),
    may: May,
    /** Presets that every service gets here. */
    gates: z.array(Name).default([]),
    /** `observe`: what others release here is seen, judged and reported, and nothing is written to Git or the cluster. */
    mode: Mode.default('act'),
    onGateFailure: z.enum(['rollback', 'ask']).default('rollback'),
    /** How long a release may rest after a gate failed or could not tell, before it goes back by itself. Absent: until somebody decides. */
    timeToRemediate: DurationMs.refine((ms) => ms > 0, { error: 'must be longer than nothing' }).optional(),
    /** Whether content must have been verified one environment earlier. The first environment has none earlier. */
    requireVerifiedIn: z.enum(['previous', 'none']).default('previous'),
    checks: CheckSettings.optional(),
    evidence: EvidenceSettings.optional(),
    /**
     * Checklists in the repository that releases here go by: paths, or every Markdown file of a folder as `folder/*.md`. A path that
     * is written here has to be there.
     */
    checklists: z
      .array(
        z.string().regex(/^([\w.-]+\/)*([\w.-]+|\*)\.md$/, {
          error: 'must be the path of a Markdown file in the repository, or a folder with /*.md',
        }),
      )
      .max(20)
      .default(CHECKLISTS),
    /** How old the membership of a usergroup may be when somebody acts here. */
    membershipFresh: DurationMs.prefault(MEMBERSHIP_FRESH),
  })
  .transform(({ membershipFresh, timeToRemediate, ...rest }) => ({
    ...rest,
    ...(timeToRemediate !== undefined && { timeToRemediateMs: timeToRemediate }),
    membershipFreshMs: membershipFresh,
  }));
export type EnvironmentSettings = z.output<typeof EnvironmentSettings>;
