import type { Command, Understood, Verb, Vocabulary } from '../src/domain/command.ts';
import {
  atMost,
  environmentOf,
  misunderstood,
  pickEnvironment,
  serviceChoices,
  serviceName,
} from './grammar.ts';

const help: Verb = {
  name: 'help',
  usage: '[verb]',
  summary: 'Explain this command, or one verb of it',
  examples: ['help', 'help cut'],
  understand: (words) => ({
    kind: 'understood',
    request: { kind: 'help', command: 'release', ...(words[0] && { topic: words[0] }) },
  }),
};

const cut: Verb = {
  name: 'cut',
  usage: '<env> [service@version …] [train=name]',
  summary: 'Put a release together, check it and ask for approval',
  examples: ['cut staging', 'cut dev orders-api@1.8.0 cart@sha256:…', 'cut prod'],
  understand(words, vocabulary) {
    const [first, ...rest] = words;
    const environment = environmentOf(first, vocabulary);
    if (environment.kind === 'misunderstood') return { ...environment, usage: usageOf(cut, vocabulary) };
    const trains = rest.filter((word) => word.startsWith('train='));
    const chosen = serviceChoices(rest.filter((word) => !word.startsWith('train=')));
    if (chosen.kind === 'misunderstood') return { ...chosen, usage: usageOf(cut, vocabulary) };
    const train = trains[0]?.slice('train='.length);
    const last = vocabulary.environments.at(-1);
    // The last environment is where it matters most: the computed list is shown before anything is made of it.
    if (environment.value === last && chosen.value.length === 0 && vocabulary.environments.length > 1) {
      return {
        kind: 'understood',
        request: { kind: 'cutPreview', environment: environment.value },
        opens: `Cut ${environment.value}`.slice(0, 24),
      };
    }
    return {
      kind: 'understood',
      request: {
        kind: 'cut',
        environment: environment.value,
        services: chosen.value,
        leaveOut: [],
        ...(train && { train }),
      },
    };
  },
};

const status: Verb = {
  name: 'status',
  usage: '[env or release]',
  summary: 'Show what runs, what is moving and what waits for you',
  examples: ['status', 'status prod', 'status .3'],
  understand(words, vocabulary) {
    const { environment, rest } = pickEnvironment(words, vocabulary);
    const tooMany = atMost(rest, 1, usageOf(status, vocabulary));
    if (tooMany) return tooMany;
    return {
      kind: 'understood',
      request: { kind: 'status', ...(environment && { environment }), ...(rest[0] && { release: rest[0] }) },
    };
  },
};

const promote: Verb = {
  name: 'promote',
  usage: '[release] [env]',
  summary: 'Take a verified release to the next environment',
  examples: ['promote', 'promote .3 prod', 'promote checkout-2026-11-20.3'],
  understand: (words, vocabulary) =>
    releaseAndEnvironment(words, vocabulary, { kind: 'promote', verb: promote }),
};

const resume: Verb = {
  name: 'resume',
  usage: '[release] [service] [env]',
  summary: 'Let a paused canary or a held release go on',
  examples: ['resume', 'resume .3 orders-api', 'resume prod'],
  understand(words, vocabulary) {
    const { environment, rest } = pickEnvironment(words, vocabulary);
    const tooMany = atMost(rest, 2, usageOf(resume, vocabulary));
    if (tooMany) return tooMany;
    const release = rest.find(looksLikeRelease);
    const service = rest.find((word) => word !== release);
    if (service !== undefined && !serviceName(service)) {
      return misunderstood(`${service} is no service name`, [], usageOf(resume, vocabulary));
    }
    return {
      kind: 'understood',
      request: {
        kind: 'resume',
        ...(release && { release }),
        ...(service && { service }),
        ...(environment && { environment }),
      },
    };
  },
};

const abort: Verb = {
  name: 'abort',
  usage: '[release] [env]',
  summary: 'Stop a release and put everything it changed back',
  examples: ['abort', 'abort .3', 'abort prod'],
  understand: (words, vocabulary) => releaseAndEnvironment(words, vocabulary, { kind: 'abort', verb: abort }),
};

function releaseAndEnvironment(
  words: readonly string[],
  vocabulary: Vocabulary,
  { kind, verb }: { kind: 'promote' | 'abort'; verb: Verb },
): Understood {
  const { environment, rest } = pickEnvironment(words, vocabulary);
  const tooMany = atMost(rest, 1, usageOf(verb, vocabulary));
  if (tooMany) return tooMany;
  const [release] = rest;
  if (release !== undefined && !looksLikeRelease(release)) {
    return misunderstood(`${release} is neither a release nor an environment`, [], usageOf(verb, vocabulary));
  }
  return {
    kind: 'understood',
    request: { kind, ...(release && { release }), ...(environment && { environment }) },
  };
}

/** `.3`, `3`, or a name with a date and a number. */
function looksLikeRelease(word: string): boolean {
  return /^\.?\d+$/.test(word) || /-\d{4}-\d{2}-\d{2}\.\d+$/.test(word);
}

function usageOf(verb: Verb, { prefix }: Vocabulary): string {
  return `/${prefix}release ${verb.name} ${verb.usage}`;
}

/** `/release`: cut, follow and steer releases. */
export const release: Command = {
  name: 'release',
  summary: 'Cut, follow and steer releases of many services',
  verbs: [help, cut, status, promote, resume, abort],
  fallback: 'help',
};
