import type { Evidence } from '../artifact/evidence.ts';
import type { Reported } from '../artifact/service-state.ts';
import type { ChecksAnswer, RequiredAnswer } from './check-answer.ts';

/** An answer, or that none came in time. */
export type Asked<A> = A | { kind: 'unknown'; says: string };

/** What builds and GitHub say of what one service would run. Gathered before; absent parts were not asked for. */
export interface CiSeen {
  /** Everything that was reported on exactly these bytes; absent: nothing was. */
  reported?: { evidence: Evidence; newest: Reported } | undefined;
  /** `owner/name` of its source; absent: nobody says where that is. */
  repository?: string | undefined;
  /** Commits its images were built from, each with its checks; empty: nobody says. */
  commits: readonly { commit: string; checks: Asked<ChecksAnswer> }[];
  branch?: { name: string; required: Asked<RequiredAnswer> } | undefined;
}
