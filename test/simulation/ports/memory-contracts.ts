import type { PactAnswer, SchemaAnswer } from '../../../src/domain/contract/contract-answer.ts';
import type { Contracts } from '../../../src/ports/contracts.ts';

/** What the keepers of contracts say; whoever drives it changes it. A function may throw, as those who are away do. */
export interface MemoryKeepers {
  schema: (subject: string) => SchemaAnswer;
  pacts: () => PactAnswer;
}

/** The in-memory twin of those who keep contracts. Absent: nobody is configured. */
export function createMemoryContracts(keepers?: MemoryKeepers): Contracts {
  return {
    async schema({ subject }) {
      return keepers ? keepers.schema(subject) : { kind: 'notConfigured' };
    },
    async pacts() {
      return keepers ? keepers.pacts() : { kind: 'notConfigured' };
    },
  };
}
