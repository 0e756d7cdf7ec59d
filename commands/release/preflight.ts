import type { Verb } from '../../src/domain/command.ts';
import { atMost, looksLikeRelease, misunderstood, pickEnvironment, usageOf } from '../grammar.ts';

/** `/release preflight`: every rule as one table. */
export const preflight: Verb = {
  name: 'preflight',
  usage: '<release or env>',
  summary: 'Show what every rule says: of a release, or of what would be cut',
  examples: ['preflight .3', 'preflight prod', 'preflight .3 prod'],
  understand(words, vocabulary) {
    const { environment, rest } = pickEnvironment(words, vocabulary);
    const usage = usageOf(preflight, vocabulary);
    const tooMany = atMost(rest, 1, usage);
    if (tooMany) return tooMany;
    const [release] = rest;
    if (release !== undefined && !looksLikeRelease(release))
      return misunderstood(`${release} is neither a release nor an environment`, [], usage);
    return {
      kind: 'understood',
      request: {
        kind: 'preflight',
        ...(release && { release }),
        ...(environment && { environment }),
        afresh: false,
        whole: false,
      },
    };
  },
};
