import type { Command, Understood, Verb, Vocabulary } from '../src/domain/command.ts';
import {
  atMost,
  looksLikeRelease,
  misunderstood,
  pickEnvironment,
  serviceName,
  takeDryRun,
  usageOf,
} from './grammar.ts';
import { checklist } from './release/checklist.ts';
import { cut, plan } from './release/cut.ts';
import { diff } from './release/diff.ts';
import { drop } from './release/drop.ts';
import { exempt } from './release/exempt.ts';
import { flag } from './release/flag.ts';
import { freeze, unfreeze } from './release/freeze.ts';
import { changes, where } from './release/history.ts';
import { preflight } from './release/preflight.ts';
import { rehearse } from './release/rehearse.ts';

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
  usage: '[release] [env] [--dry-run]',
  summary: 'Take a verified release to the next environment',
  examples: ['promote', 'promote .3 prod', 'promote checkout-2026-11-20.3', 'promote .3 --dry-run'],
  understand(words, vocabulary) {
    const { dryRun, rest } = takeDryRun(words);
    const understood = releaseAndEnvironment(rest, vocabulary, { kind: 'promote', verb: promote });
    if (understood.kind === 'misunderstood' || understood.request.kind !== 'promote') return understood;
    return { ...understood, request: { ...understood.request, ...(dryRun && { dryRun }) } };
  },
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

const token: Verb = {
  name: 'token',
  usage: '[revoke]',
  summary: 'Make your own token for the command line and HTTP, or take it back',
  examples: ['token', 'token revoke'],
  understand(words, vocabulary) {
    const usage = usageOf(token, vocabulary);
    const [word] = words;
    const tooMany = atMost(words, 1, usage);
    if (tooMany) return tooMany;
    if (word === undefined) return { kind: 'understood', request: { kind: 'token', act: 'issue' } };
    if (word.toLowerCase() === 'revoke')
      return { kind: 'understood', request: { kind: 'token', act: 'revoke' } };
    return misunderstood(
      `I don't understand "${word}"`,
      [`/${vocabulary.prefix}release token revoke`],
      usage,
    );
  },
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

/** `/release`: cut, follow and steer releases. */
export const release: Command = {
  name: 'release',
  summary: 'Cut, follow and steer releases of many services',
  verbs: [
    help,
    cut,
    plan,
    preflight,
    checklist,
    rehearse,
    exempt,
    diff,
    status,
    promote,
    drop,
    resume,
    flag,
    abort,
    freeze,
    unfreeze,
    where,
    changes,
    token,
  ],
  fallback: 'help',
};
