import { secret } from '../ids.ts';
import type { Timing } from '../timing.ts';

/** What a trigger turned out to be when an app wanted to open a view with it. */
export type RedeemedTrigger =
  | { readonly kind: 'good'; readonly userId: string; readonly viewId: string | undefined }
  /** Slack's names for the refusals: https://docs.slack.dev/reference/methods/views.open. */
  | { readonly kind: 'expired_trigger_id' | 'exchanged_trigger_id' | 'invalid_trigger_id' };

/** Gives out triggers, and takes each back once. */
export interface Triggers {
  /** `viewId`: the modal the person was in, for views that are pushed onto it. */
  issue(userId: string, viewId?: string): string;
  redeem(triggerId: string): RedeemedTrigger;
}

/** Keeps the triggers of a workspace: each opens one view, within 3 s. */
export function createTriggers(options: { timing: Timing; now: () => number }): Triggers {
  const issued = new Map<
    string,
    { userId: string; viewId: string | undefined; atMs: number; isUsed: boolean }
  >();
  return {
    issue: (userId, viewId) => {
      // "The expected format for the trigger_id argument is "132456.7890123.abcdef"": the same page.
      const id = `${issued.size + 1}.${Math.floor(options.now())}.${secret(16)}`;
      issued.set(id, { userId, viewId, atMs: options.now(), isUsed: false });
      return id;
    },
    redeem: (id) => {
      const trigger = issued.get(id);
      if (trigger === undefined) return { kind: 'invalid_trigger_id' };
      if (trigger.isUsed) return { kind: 'exchanged_trigger_id' };
      if (options.now() - trigger.atMs > options.timing.triggerMs) return { kind: 'expired_trigger_id' };
      trigger.isUsed = true;
      return { kind: 'good', userId: trigger.userId, viewId: trigger.viewId };
    },
  };
}
