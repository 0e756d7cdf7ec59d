import type { PlanInput } from '../../../../src/domain/plan/plan-input.ts';
import type { PreflightInput } from '../../../../src/domain/policy/preflight-input.ts';
import { catalogOf, contentOf, type Said } from '../../plan/world.ts';

/** A release of `orders` and `web`, and what is so around it. */
export interface World {
  said?: Said;
  input?: Partial<PlanInput>;
  around?: Partial<PreflightInput>;
}

export interface Example {
  passes: World;
  fails: World;
  /** What failing comes to. */
  as: 'refuse' | 'warn';
  /** A world in which nobody can say; or why there is none for this rule. */
  unreachable: World | 'asks nobody' | 'the cut asks before';
}

export const contents = { orders: contentOf('orders', '1.8.0'), web: contentOf('web', '9.10.0') };
export const catalog = catalogOf({ orders: [], web: ['orders'], search: [] });

/** A share of failures, which is what a gate should compare. */
export const SAFE_GATE = { type: 'prometheus', query: 'errors / all', threshold: '< 1%' };
/** A promise between the two. */
export const SCHEMA = {
  type: 'schemaRegistry',
  subject: 'v1',
  schemaFile: 'v1.avsc',
  producer: 'orders',
  consumers: ['web'],
};
export const CANARY = { rollout: { strategy: 'canary' } };

/** A release that says more. */
export function spec(said: Record<string, unknown>): World {
  return { said: { spec: said } };
}

/** A release that says more of `web`. */
export function ofWeb(said: Record<string, unknown>): World {
  return { said: { services: { web: said } } };
}
