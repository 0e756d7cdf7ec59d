import type { Timetable } from './calendar/departure.ts';
import type { ChangeWindow } from './calendar/windows.ts';
import type { CatalogNames } from './catalog/check-names.ts';
import type { CheckRules, EvidenceRules } from './checks/check-rules.ts';
import type { FlagBook } from './flag/flag-book.ts';
import type { GateBook } from './gate/gate-book.ts';
import type { PlannedGate } from './gate/planned-gate.ts';
import type { EnvironmentName } from './ids.ts';
import type { DatabaseRules } from './migration/database-rules.ts';

/** What a person may be allowed to do in an environment. Recovery has its own. */
export const ACTIONS = ['cut', 'approve', 'promote', 'resume', 'abort', 'rollback'] as const;
export type Action = (typeof ACTIONS)[number];

/** One environment as the configuration decides it. */
export interface EnvironmentRules {
  name: EnvironmentName;
  /** Channel id where its releases are shown. */
  channel: string;
  /** The environment before it in promotion order; absent for the first. */
  previous?: EnvironmentName;
  /** Repository whose branch declares what runs here. */
  repository: string;
  /** Path of the manifest, with `{environment}` and `{train}`. */
  manifestPath: string;
  approvals: { required: number; from: string[]; owners: 'none' | 'tier-1' | 'all'; expiresAfterMs: number };
  /** Roles by action; an empty list allows nobody. */
  may: Record<Action, string[]>;
  /** Roles whose members may approve a hotfix besides those of `approvals`. */
  hotfixApprovers?: string[];
  /** Gates that every service gets here. */
  gates: PlannedGate[];
  onGateFailure: 'rollback' | 'ask';
  /** How long a release may rest after a gate failed or could not tell; absent: until somebody decides. */
  timeToRemediateMs?: number;
  /** Whether content must have been verified in `previous`. */
  requireVerified: boolean;
  /** Checklists of the repository that releases here go by: paths, or `folder/*.md`. Absent: none. */
  checklists?: readonly string[];
  /** How old a usergroup's membership may be when somebody acts here. */
  membershipFreshMs: number;
  /** Checks of GitHub that releases have to show; absent: those of the catalog only. */
  checks?: CheckRules;
  /** What builds must have reported; absent: nothing. */
  evidence?: EvidenceRules;
  /** It is read, judged and reported on, and nothing is ever written for it. Absent: it is acted on. */
  observeOnly?: true;
}

/** A train that takes what was verified one environment earlier, at its time, and asks for approval as anybody does. */
export interface TrainRules extends Timetable {
  name: string;
  environment: EnvironmentName;
}

/** The configuration as far as decisions and jobs need it. */
export interface Rules {
  installation: string;
  /** Nothing is written to any repository or cluster, the record's included. Absent: only environments may say so. */
  observeOnly?: true;
  /** In promotion order. */
  environments: readonly EnvironmentRules[];
  catalog: { repository: string; path: string };
  /** Names that the catalog may use. */
  catalogNames: CatalogNames;
  /** Gates that the catalog and manifests may use. */
  gateBook: GateBook;
  /** Databases whose migrations can be read, by name. Absent: none. */
  databases?: Readonly<Record<string, DatabaseRules>>;
  /**
   * Repository name to its own branch, where a person reads a commit (`https://…/{commit}`), and what GitHub calls it
   * (`owner/name`).
   */
  repositories: Readonly<
    Record<string, { branch: string; commitUrl?: string; github?: string; hotfixBranch?: string }>
  >;
  /** Who keeps feature flags. */
  flagBook: FlagBook;
  /** Trains that leave by themselves. */
  trains: readonly TrainRules[];
  /** Times in which nothing begins, or the only ones in which something does. */
  windows: readonly ChangeWindow[];
  /** Train of releases whose cut names none. */
  defaultTrain: string;
  /** Roles that may say, after the record was restored, that forward work goes on; an empty list allows nobody. */
  confirmRestore: readonly string[];
  commandPrefix: string;
  incidents: { enabled: boolean; channelPrefix: string; pinEmoji: string };
  /** How what happens on GitHub is taken; absent: nothing is. */
  github?: { tagsBy: 'person' | 'policy' };
  /** Personal tokens for asking outside the chat workspace; absent: nobody gets one. */
  tokens?: { lifetimeMs: number };
}

export function environmentRules(
  rules: Pick<Rules, 'environments'>,
  name: string,
): EnvironmentRules | undefined {
  return rules.environments.find((environment) => environment.name === name);
}
