import type { Verb } from '../../src/domain/command.ts';
import { looksLikeRelease, misunderstood, pickEnvironment, serviceName, usageOf } from '../grammar.ts';

/** `/release drop`: takes services out of a release that has not begun. */
export const drop: Verb = {
  name: 'drop',
  usage: '<service …> [release] [env]',
  summary: 'Take services out of a release before it begins; the rest goes on under a new name',
  examples: ['drop cart', 'drop cart .3 prod', 'drop cart web checkout-2026-11-20.3'],
  understand(words, vocabulary) {
    const usage = usageOf(drop, vocabulary);
    const { environment, rest } = pickEnvironment(words, vocabulary);
    const releases = rest.filter(looksLikeRelease);
    const services = rest.filter((word) => !looksLikeRelease(word)).map((word) => word.toLowerCase());
    if (services.length === 0) return misunderstood('Which service should be dropped?', [], usage);
    if (releases.length > 1)
      return misunderstood(`Only one release at a time: ${releases.join(' or ')}?`, [], usage);
    const wrong = services.find((service) => !serviceName(service));
    if (wrong !== undefined) return misunderstood(`${wrong} is no service name`, [], usage);
    const [release] = releases;
    return {
      kind: 'understood',
      request: {
        kind: 'drop',
        services,
        dependents: 'ask',
        ...(release && { release }),
        ...(environment && { environment }),
      },
    };
  },
};
