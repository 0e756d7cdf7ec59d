import type { PolicyAnswer } from '../domain/policy/policy-answer.ts';
import type { PolicyInput } from '../domain/policy/policy-input.ts';

/** Rules that the installation has written for itself. */
export interface Policy {
  /** Throws `UnavailableError` when there is no answer in its time. */
  decide(input: PolicyInput): Promise<PolicyAnswer>;
}
