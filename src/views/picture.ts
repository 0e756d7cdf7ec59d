import type { ApprovalStatus } from '../domain/approval/approval-status.ts';
import type { ItemRow } from '../domain/checklist/judge-checklist.ts';
import type { EnvironmentState } from '../domain/environment/environment-state.ts';
import type { WayBack } from '../domain/plan/way-back.ts';
import type { ShownRow } from '../domain/policy/exemption.ts';
import type { Progress } from '../domain/release/progress.ts';
import type { ReleaseState } from '../domain/release/release-state.ts';
import type { RolloutObserved } from '../domain/rollout/rollout-view.ts';
import type { EnvironmentRules } from '../domain/rules.ts';
import type { Mrkdwn } from '../domain/text/mrkdwn.ts';

/** Everything a release's messages are drawn from. */
export interface Picture {
  /** Milliseconds since 1970. */
  now: number;
  release: ReleaseState;
  environment: EnvironmentRules;
  /** The environment after this one; absent for the last. */
  next?: string | undefined;
  /** What the rules came to, with the exemptions that count now; absent where nothing was recorded. */
  preflight?: readonly ShownRow[] | undefined;
  /** What the items of its checklists came to; of a rollback, those of what it takes back. Absent: there are none. */
  checklist?: readonly ItemRow[] | undefined;
  /** Where a rollback would take it, and how long the last ones here took, newest first; absent once it has begun. */
  wayBack?: (WayBack & { tookMs: readonly number[] }) | undefined;
  approval: ApprovalStatus;
  progress: Progress | undefined;
  /** By placement. */
  observed: Readonly<Record<string, RolloutObserved>>;
  /** Flags of the environment, where the release brings some or takes them back. */
  flags?: Pick<EnvironmentState, 'flags' | 'effects'> | undefined;
  /** A person's or policy's name. */
  nameOf(id: string): string;
  /** A role as Slack notifies it: a usergroup, its people, or only its name. */
  mentionRole(role: string): Mrkdwn;
  /** Where a person reads a commit; absent when the repository has no pages. */
  commitUrl(repository: string, commit: string): string | undefined;
}
