import { canonicalHash } from '../document/canonical-hash.ts';
import type { Plan } from './plan.ts';

/** What approvals bind to: SHA-256 over the canonical JSON of the plan, in lower-case hexadecimal. */
export function planHash(plan: Plan): string {
  return canonicalHash(plan);
}
