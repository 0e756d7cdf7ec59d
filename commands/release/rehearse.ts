import type { Verb } from '../../src/domain/command.ts';
import { environmentOf, serviceChoices, usageOf } from '../grammar.ts';

/** `/release rehearse`: goes through what a cut would do without moving anything. */
export const rehearse: Verb = {
  name: 'rehearse',
  usage: '<env> [service@version …]',
  summary: 'Go through what a cut would do: judge every rule, ask every gate once, move nothing',
  examples: ['rehearse prod', 'rehearse dev orders-api@1.8.0'],
  understand(words, vocabulary) {
    const usage = usageOf(rehearse, vocabulary);
    const [first, ...rest] = words;
    const environment = environmentOf(first, vocabulary);
    if (environment.kind === 'misunderstood') return { ...environment, usage };
    const chosen = serviceChoices(rest);
    if (chosen.kind === 'misunderstood') return { ...chosen, usage };
    return {
      kind: 'understood',
      request: { kind: 'rehearse', environment: environment.value, services: chosen.value },
    };
  },
};
