import type { Understood, Verb, Vocabulary } from '../../src/domain/command.ts';
import { parseDuration } from '../../src/domain/gate/duration.ts';
import { atMost, environmentOf, misunderstood, serviceName, usageOf } from '../grammar.ts';

/** Shortest and longest reason, in characters. */
const REASON = { least: 3, most: 300 } as const;

/** `/release freeze`: nothing begins in an environment. */
export const freeze: Verb = {
  name: 'freeze',
  usage: '<env> [service …] [--until 2h] --reason "…"',
  summary: 'Let nothing begin in an environment; what moves finishes its wave, rollbacks go on',
  examples: ['freeze prod --until 4h --reason "sale of the year"', 'freeze prod cart --reason "INC-4"'],
  understand: (words, vocabulary) => understandFreeze(words, vocabulary, usageOf(freeze, vocabulary)),
};

/** `/release unfreeze`: lifts a freeze. */
export const unfreeze: Verb = {
  name: 'unfreeze',
  usage: '<env> [freeze]',
  summary: 'Lift a freeze',
  examples: ['unfreeze prod', 'unfreeze prod F2'],
  understand(words, vocabulary) {
    const usage = usageOf(unfreeze, vocabulary);
    const [first, ...rest] = words;
    const environment = environmentOf(first, vocabulary);
    if (environment.kind === 'misunderstood') return { ...environment, usage };
    const tooMany = atMost(rest, 1, usage);
    if (tooMany) return tooMany;
    const [name] = rest;
    if (name !== undefined && !/^f\d{1,6}$/i.test(name))
      return misunderstood(`${name} is no freeze`, ['F1'], usage);
    return {
      kind: 'understood',
      request: {
        kind: 'unfreeze',
        environment: environment.value,
        ...(name && { freeze: name.toUpperCase() }),
      },
    };
  },
};

function understandFreeze(words: readonly string[], vocabulary: Vocabulary, usage: string): Understood {
  const wrong = (says: string, suggestions: string[] = []) => misunderstood(says, suggestions, usage);
  const because = words.indexOf('--reason');
  const reason =
    because < 0
      ? ''
      : words
          .slice(because + 1)
          .join(' ')
          .replace(/^["']|["']$/g, '')
          .trim();
  const plain = because < 0 ? [...words] : words.slice(0, because);
  const at = plain.indexOf('--until');
  const until = at < 0 ? undefined : plain.splice(at, 2)[1];
  const [first, ...services] = plain;
  const environment = environmentOf(first, vocabulary);
  if (environment.kind === 'misunderstood') return { ...environment, usage };
  const stranger = services.find((word) => !serviceName(word.toLowerCase()));
  if (stranger !== undefined) return wrong(`${stranger} is no service name`);
  const forMs = until === undefined ? undefined : parseDuration(until);
  if (at >= 0 && !forMs) return wrong(`${until ?? 'nothing'} is no duration`, ['--until 2h', '--until 3d']);
  if (reason.length < REASON.least || reason.length > REASON.most)
    return wrong(`Why? A reason has ${REASON.least} to ${REASON.most} characters`, [
      '--reason "sale of the year"',
    ]);
  return {
    kind: 'understood',
    request: {
      kind: 'freeze',
      environment: environment.value,
      services: services.map((word) => word.toLowerCase()),
      ...(forMs !== undefined && { forMs }),
      reason,
    },
  };
}
