import type { PolicyAnswer } from '../../../src/domain/policy/policy-answer.ts';
import type { PolicyInput } from '../../../src/domain/policy/policy-input.ts';
import type { Policy } from '../../../src/ports/policy.ts';

/** The in-memory twin of a policy; absent: there is none. */
export function createMemoryPolicy(decide?: (input: PolicyInput) => PolicyAnswer): Policy {
  return {
    async decide(input) {
      return decide ? decide(input) : { kind: 'notConfigured' };
    },
  };
}
