import type { ReleaseFact } from '../../../src/domain/ledger/fact.ts';
import { entriesOf, type History } from '../world/history.ts';
import type { Law } from './law.ts';
import { factsIn, releaseOf } from './releases.ts';

/** Effects that were intended, as they are known at their targets: by operation, and Rollouts' by what is to be done. */
function intendedIn(history: History): Map<string, { at: number; count: number }> {
  const intended = new Map<string, { at: number; count: number }>();
  const note = (key: string, at: number): void => {
    const before = intended.get(key);
    intended.set(key, { at: before?.at ?? at, count: (before?.count ?? 0) + 1 });
  };
  history.entries.forEach((entry, index) => {
    if (entry.kind !== 'fact' || entry.fact.kind !== 'effect.intended') return;
    const { data } = entry.fact as Extract<ReleaseFact, { kind: 'effect.intended' }>;
    note(`${releaseOf(entry.fact)}#${data.id}`, index);
    note(JSON.stringify(data.effect), index);
  });
  return intended;
}

export const effectsAreIntended: Law = {
  name: 'every effect was intended before it happened',
  breaches({ history }) {
    const intended = intendedIn(history);
    return history.entries.flatMap((entry, index) => {
      const key = keyOf(entry);
      if (key === undefined) return [];
      const intent = intended.get(key);
      return intent && intent.at < index ? [] : [`${entry.kind} ${key} was not intended before`];
    });
  },
};

function keyOf(entry: History['entries'][number]): string | undefined {
  switch (entry.kind) {
    case 'commit':
      return entry.operation;
    case 'write':
      return JSON.stringify(entry.effect);
    case 'post':
      // What a person asks of others is said for the request, not for a release.
      return entry.operation.startsWith('request:') ? undefined : entry.operation;
    default:
      return undefined;
  }
}

export const effectsHappenOnce: Law = {
  name: 'no effect happens twice at its target',
  breaches({ history }) {
    const intended = intendedIn(history);
    const writes = countBy(
      entriesOf(history, 'write')
        .filter(({ isEffective }) => isEffective)
        .map(({ effect, part }) => `${part} ${JSON.stringify(effect)}`),
    );
    const commits = entriesOf(history, 'commit').filter(({ operation }) => operation !== undefined);
    const operations = countBy([
      ...commits.map(({ repository, branch, operation }) => `commit ${repository} ${branch} ${operation}`),
      ...entriesOf(history, 'post').map(({ operation }) => `post ${operation}`),
    ]);
    return [
      ...[...operations]
        .filter(([, count]) => count > 1)
        .map(([what, count]) => `${what} happened ${count} times`),
      ...[...writes].flatMap(([what, count]) => {
        const wanted = intended.get(what.slice(what.indexOf(' ') + 1))?.count ?? 0;
        return count > wanted
          ? [`write ${what} took effect ${count} times and was intended ${wanted} times`]
          : [];
      }),
    ];
  },
};

function countBy(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

export const everyIntentIsSettled: Law = {
  name: 'a release that ends on its content knows what became of all it did',
  breaches({ history }) {
    const open = new Map<string, Set<string>>();
    return factsIn(history).flatMap(({ fact }) => {
      const release = releaseOf(fact);
      if (release === undefined) return [];
      const body = fact as ReleaseFact;
      const intents = open.get(release) ?? new Set<string>();
      open.set(release, intents);
      if (body.kind === 'effect.intended' && body.data.effect.kind !== 'chat.post') intents.add(body.data.id);
      if (body.kind === 'effect.done' || body.kind === 'effect.refused') intents.delete(body.data.effect);
      const isOver = body.kind === 'release.ended' && ['released', 'restored'].includes(body.data.outcome);
      return isOver ? [...intents].map((id) => `${release} never heard of ${id}`) : [];
    });
  },
};
