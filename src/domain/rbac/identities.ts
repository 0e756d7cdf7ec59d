import type { EffectKind } from '../effect.ts';

/** The group that people's rights in a cluster are bound to; a person's name alone has none. */
export const OPERATORS = 'signalbox:operators';

/** The group of everything that environments' policies do by themselves. */
export const POLICIES = 'signalbox:policies';

/** The identity for breaking glass: somebody whom we authorise and the API server refuses. */
export const RECOVERY = 'signalbox:recovery';

/** What the recovery identity may do. RBAC cannot tell one patch from another, so this program keeps to it. */
export const RECOVERY_MAY: readonly EffectKind[] = ['rollout.abort', 'rollout.undo', 'rollout.promoteFull'];
