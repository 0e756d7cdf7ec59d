import type { RolloutObject } from '../../domain/rollout/objects/rollout-object.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ApiClient } from './api-client.ts';
import type { PatchTarget } from './patch-object.ts';
import { ROLLOUTS } from './resources.ts';

/** What every write to a cluster needs. */
export interface WriteContext {
  /** The cluster's name, for receipts. */
  cluster: string;
  client: Pick<ApiClient, 'send'>;
  clock: Clock;
  /** A Rollout as the watch last saw it. Absent: it did not, or nothing is watched. */
  remembered?(rollout: { namespace: string; rollout: string }): RolloutObject | undefined;
  /** Lets so many milliseconds pass. Absent: nobody waits to see that a controller takes up what was written. */
  pause?(ms: number): Promise<void>;
}

/** The Rollout that an effect names. */
export function rolloutTarget({ namespace, rollout }: { namespace: string; rollout: string }): PatchTarget {
  return { kind: ROLLOUTS, namespace, name: rollout };
}
