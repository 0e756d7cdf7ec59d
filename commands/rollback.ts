import type { Command, Verb } from '../src/domain/command.ts';
import { atMost, pickEnvironment } from './grammar.ts';

const plan: Verb = {
  name: 'plan',
  usage: '[service or release] [env] [to release]',
  summary: 'Show what would go back, then take it back with one button',
  examples: ['', 'orders-api', 'orders-api to .2', '.3 prod'],
  understand(words, vocabulary) {
    const { environment, rest } = pickEnvironment(words, vocabulary);
    const to = rest.findIndex((word) => word === 'to' || word === '--to');
    const target = to < 0 ? rest : rest.slice(0, to);
    const wanted = to < 0 ? undefined : rest[to + 1];
    const usage = `/${vocabulary.prefix}rollback ${plan.usage}`;
    const tooMany = atMost(target, 1, usage) ?? atMost(to < 0 ? [] : rest.slice(to + 1), 1, usage);
    if (tooMany) return tooMany;
    return {
      kind: 'understood',
      request: {
        kind: 'rollbackPlan',
        ...(environment && { environment }),
        ...(target[0] && { target: target[0] }),
        ...(wanted && { to: wanted }),
      },
      opens: 'Roll back',
    };
  },
};

const help: Verb = {
  name: 'help',
  usage: '',
  summary: 'Explain this command',
  examples: ['help'],
  understand: () => ({ kind: 'understood', request: { kind: 'help', command: 'rollback' } }),
};

/** `/rollback`: the one way back. Nothing is typed before its first argument, it is typed at two in the morning. */
export const rollback: Command = {
  name: 'rollback',
  summary: 'Take a service or a release back to what was verified, in seconds',
  verbs: [plan, help],
  fallback: 'plan',
};
