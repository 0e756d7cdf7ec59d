import type { ChecksAnswer, CommitAnswer, RequiredAnswer } from '../../../src/domain/checks/check-answer.ts';
import type { Forge, ForgeComment } from '../../../src/ports/forge.ts';

/** What a forge says; whoever drives it changes it. A function may throw, as a forge that is away does. */
export interface MemorySource {
  checks: (commit: string) => ChecksAnswer;
  required: (branch: string) => RequiredAnswer;
  deployed: (environment: string) => CommitAnswer;
  passed: (check: string) => CommitAnswer;
  /** What was said there, oldest first. */
  comments: ForgeComment[];
}

/** The in-memory twin of a forge. Absent: nobody is configured. */
export function createMemoryForge(source?: MemorySource): Forge {
  const nobody = { kind: 'notConfigured' } as const;
  return {
    checks: async ({ commit }) => source?.checks(commit) ?? nobody,
    requiredChecks: async ({ branch }) => source?.required(branch) ?? nobody,
    deployed: async ({ environment }) => source?.deployed(environment) ?? nobody,
    passed: async ({ check }) => source?.passed(check) ?? nobody,
    async comment(comment) {
      if (source === undefined) return { kind: 'refused', says: 'nobody is configured to be told' };
      if (!source.comments.some(({ operation }) => operation === comment.operation))
        source.comments.push(comment);
      return { kind: 'commented' };
    },
  };
}
