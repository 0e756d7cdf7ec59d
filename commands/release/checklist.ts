import type { Understood, Verb, Vocabulary } from '../../src/domain/command.ts';
import {
  atMost,
  looksLikeRelease,
  misunderstood,
  pickEnvironment,
  serviceName,
  usageOf,
} from '../grammar.ts';

/** `/release checklist`: shows the items of a release, answers for one, and looks back at them. */
export const checklist: Verb = {
  name: 'checklist',
  usage:
    '[release] [env] [run | tick <item> [https://…] | refuse <item> <reason>] | report [env] | readiness [service]',
  summary: 'Show the checklist of a release, tick an item, or see what items are good for',
  examples: [
    'checklist .3',
    'checklist .3 run',
    'checklist .3 tick dba-sign-off https://…',
    'checklist .3 refuse dba-sign-off "the backfill locks orders"',
    'checklist report prod',
    'checklist readiness',
  ],
  understand(words, vocabulary) {
    const usage = usageOf(checklist, vocabulary);
    const at = words.findIndex((word) => ACTS.some((act) => act === word.toLowerCase()));
    const before = at < 0 ? words : words.slice(0, at);
    const act = at < 0 ? 'show' : ((words[at] ?? '').toLowerCase() as Act);
    const { environment, rest } = pickEnvironment(before, vocabulary);
    const tooMany = atMost(rest, 1, usage);
    if (tooMany) return tooMany;
    const [release] = rest;
    if (release !== undefined && !looksLikeRelease(release))
      return misunderstood(`${release} is neither a release nor an environment`, [...ACTS], usage);
    const which = { ...(release && { release }), ...(environment && { environment }) };
    return understandAct({ act, which, after: at < 0 ? [] : words.slice(at + 1) }, vocabulary, usage);
  },
};

const ACTS = ['run', 'tick', 'refuse', 'report', 'readiness'] as const;
type Act = (typeof ACTS)[number] | 'show';

interface Said {
  act: Act;
  which: { release?: string; environment?: string };
  after: readonly string[];
}

function understandAct({ act, which, after }: Said, vocabulary: Vocabulary, usage: string): Understood {
  const [item, ...more] = after;
  switch (act) {
    case 'show':
    case 'run':
      return (
        atMost(after, 0, usage) ?? {
          kind: 'understood',
          request: { kind: 'checklist', ...which, afresh: act === 'run' },
        }
      );
    case 'tick': {
      if (item === undefined) return misunderstood('Tick which item?', [], usage);
      const tooMany = atMost(more, 1, usage);
      if (tooMany) return tooMany;
      const link = more[0]?.replace(/^<([^|>]*)(\|[^>]*)?>$/, '$1');
      return {
        kind: 'understood',
        request: { kind: 'answerItem', ...which, item: item.toLowerCase(), met: true, ...(link && { link }) },
      };
    }
    case 'refuse': {
      if (item === undefined) return misunderstood('Which item is not met?', [], usage);
      const says = more
        .join(' ')
        .replace(/^["']|["']$/g, '')
        .trim();
      if (says === '' || says.length > 500)
        return misunderstood(`Say in at most 500 characters what is not so with ${item}`, [], usage);
      return {
        kind: 'understood',
        request: { kind: 'answerItem', ...which, item: item.toLowerCase(), met: false, says },
      };
    }
    case 'report': {
      const { environment, rest } = pickEnvironment(after, vocabulary);
      const named = environment ?? which.environment;
      return (
        atMost(rest, 0, usage) ?? {
          kind: 'understood',
          request: { kind: 'checklistReport', ...(named !== undefined && { environment: named }) },
        }
      );
    }
    case 'readiness': {
      const tooMany = atMost(after, 1, usage);
      if (tooMany) return tooMany;
      if (item !== undefined && !serviceName(item))
        return misunderstood(`${item} is no service name`, [], usage);
      return { kind: 'understood', request: { kind: 'readiness', ...(item && { service: item }) } };
    }
  }
}
