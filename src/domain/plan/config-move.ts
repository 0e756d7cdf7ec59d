import type { ServiceName } from '../ids.ts';

/** Commits to a service's files that no release made. */
export interface ConfigMove {
  service: ServiceName;
  repository: string;
  /** Newest first. */
  commits: { commit: string; subject: string; author: string }[];
}
