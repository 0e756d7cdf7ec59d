import type { Verb } from '../../src/domain/command.ts';
import { durationInWords, parseDuration } from '../../src/domain/gate/duration.ts';
import { atMost, misunderstood, pickEnvironment, serviceName, usageOf } from '../grammar.ts';

/** `/release where`: in which environments, services and releases something is. */
export const where: Verb = {
  name: 'where',
  usage: '<commit, version or digest> | <service@version>',
  summary: 'Show where a commit, a version or a digest runs, and since when',
  examples: ['where 4f1c2ab', 'where 1.8.0', 'where cart@1.8.0', 'where sha256:…'],
  understand(words, vocabulary) {
    const usage = usageOf(where, vocabulary);
    const [first, ...more] = words;
    if (first === undefined) return misunderstood('Where is what?', [], usage);
    if (more.length > 0) return misunderstood(`I don't understand "${more.join(' ')}"`, [], usage);
    const at = first.lastIndexOf('@');
    const service = at > 0 ? first.slice(0, at).toLowerCase() : undefined;
    const word = at > 0 ? first.slice(at + 1) : first;
    if (service !== undefined && !serviceName(service))
      return misunderstood(`${service} is no service name`, [], usage);
    if (word === '' || word.length > 200)
      return misunderstood(`Which version of ${service ?? 'what'}?`, [], usage);
    return { kind: 'understood', request: { kind: 'where', word, ...(service && { service }) } };
  },
};

/** Further back than this nobody asks a chat; the ledger in Git has all of it. */
const LONGEST_MS = 90 * 86_400_000;

/** `/release changes`: what happened to a service lately, and by whom. */
export const changes: Verb = {
  name: 'changes',
  usage: '<service> [env] [2h]',
  summary: 'Show what changed a service lately, and who did it, newest first',
  examples: ['changes cart', 'changes cart prod 2h', 'changes orders-api 7d'],
  understand(words, vocabulary) {
    const usage = usageOf(changes, vocabulary);
    const { environment, rest } = pickEnvironment(words, vocabulary);
    const [first, length] = rest;
    const tooMany = atMost(rest, 2, usage);
    if (tooMany) return tooMany;
    if (first === undefined) return misunderstood('Which service?', [], usage);
    const service = first.toLowerCase();
    if (!serviceName(service)) return misunderstood(`${first} is no service name`, [], usage);
    const withinMs = length === undefined ? undefined : parseDuration(length.toLowerCase());
    if (length !== undefined && !withinMs)
      return misunderstood(`${length} is no length of time: 30m, 2h or 7d`, [`changes ${service} 2h`], usage);
    if (withinMs !== undefined && withinMs > LONGEST_MS)
      return misunderstood(
        `Further back than ${durationInWords(LONGEST_MS)} nothing is shown here`,
        [`changes ${service} ${durationInWords(LONGEST_MS)}`],
        usage,
      );
    return {
      kind: 'understood',
      request: {
        kind: 'changes',
        service,
        ...(environment && { environment }),
        ...(withinMs && { withinMs }),
      },
    };
  },
};
