import type { Stage } from './stage.ts';

/** A sentence about a cluster, and how to find out whether it holds. */
export interface ConformanceCase {
  name: string;
  run(stage: Stage): Promise<void>;
}
