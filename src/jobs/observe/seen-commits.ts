import { placementsOf } from '../../domain/catalog/catalog.ts';
import type { EnvironmentState } from '../../domain/environment/environment-state.ts';
import type { SeenCommit } from '../../domain/ledger/environment-facts.ts';
import type { Rules } from '../../domain/rules.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Observed } from './observed.ts';

/** Newest commit of a repository's own branch; absent when there is no such branch. */
export type Heads = (repository: string) => Promise<string | undefined>;

/** Commits to one service that are named; people read the newest. */
const MOST = 10;
const WORDS = 200;

/** Heads as they are during one round: each repository is fetched once. */
export function headsOf({ git }: Pick<Ports, 'git'>, rules: Rules): Heads {
  const known = new Map<string, Promise<string | undefined>>();
  return (repository) => {
    const head =
      known.get(repository) ?? git.view(repository, branchOf(rules, repository)).then((view) => view?.commit);
    known.set(repository, head);
    return head;
  };
}

/**
 * Commits that changed a service's files since its rest and that no change names yet, newest first, and the heads they were looked
 * for up to. Where no head was kept, the present one is where looking begins.
 */
export async function freshCommits(
  { git }: Pick<Ports, 'git'>,
  { rules, heads }: { rules: Rules; heads: Heads },
  {
    observed,
    since,
    state,
  }: { observed: Observed; since: Readonly<Record<string, string>>; state: EnvironmentState },
): Promise<{ found: SeenCommit[]; heads: Record<string, string> }> {
  const named = new Set(state.changes.flatMap(({ commits }) => commits.map(({ commit }) => commit)));
  const at = { service: observed.service, environment: observed.environment.name };
  const places = placementsOf(observed.catalog, at).flatMap(({ git: place }) => place ?? []);
  const now: Record<string, string> = {};
  const found = new Map<string, SeenCommit>();
  for (const { repository, file } of places) {
    const to = await heads(repository);
    if (to === undefined) continue;
    now[repository] = to;
    const from = since[repository];
    if (from === undefined || from === to) continue;
    const between = await git.between(repository, branchOf(rules, repository), {
      from,
      to,
      path: file,
      limit: MOST,
    });
    // A branch that was rewritten has no story to tell: looking begins anew.
    if (between.kind === 'missing') continue;
    for (const { commit, subject, authors, isMerge } of between.commits) {
      if (isMerge || named.has(commit)) continue;
      const author = authors[0]?.name ?? '';
      found.set(commit, {
        repository,
        commit,
        subject: subject.slice(0, WORDS),
        author: author.slice(0, WORDS),
      });
    }
  }
  return { found: [...found.values()], heads: { ...since, ...now } };
}

function branchOf(rules: Rules, repository: string): string {
  return rules.repositories[repository]?.branch ?? 'main';
}
