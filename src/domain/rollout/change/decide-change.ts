import type { Effect } from '../../effect.ts';
import type { RolloutObject } from '../objects/rollout-object.ts';
import { abort } from './abort.ts';
import { pause } from './pause.ts';
import { promoteFull } from './promote-full.ts';
import { resume } from './resume.ts';
import { retry } from './retry.ts';
import type { RolloutChange } from './rollout-change.ts';
import { wake } from './wake.ts';

/** The verbs that a Rollout alone decides; an undo also needs its ReplicaSets. */
export type RolloutVerb = Exclude<Extract<Effect, { kind: `rollout.${string}` }>, { kind: 'rollout.undo' }>;

/** What a verb does to a Rollout as it was just read: nothing, something, or not on this Rollout any more. */
export function decideChange(verb: RolloutVerb, rollout: RolloutObject): RolloutChange {
  switch (verb.kind) {
    case 'rollout.abort':
      return abort(rollout, verb);
    case 'rollout.retry':
      return retry(rollout, verb);
    case 'rollout.pause':
      return pause(rollout, verb);
    case 'rollout.resume':
      return resume(rollout, verb);
    case 'rollout.promoteFull':
      return promoteFull(rollout, verb);
    case 'rollout.wake':
      return wake(rollout, verb);
  }
}
