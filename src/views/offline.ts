import type { Placement } from '../domain/catalog/placement.ts';
import { type ByHand, byCluster } from '../domain/release/by-hand.ts';
import { codeBlock, mrkdwn } from '../domain/text/mrkdwn.ts';
import type { Block, Message } from '../ports/message.ts';

/** Where repositories are, by name. */
export type Origins = Readonly<Record<string, { url: string; branch: string }>>;

/** Lines of commands shown for each thing to do; a person who needs more has a cluster full of trouble, and the pattern. */
const MOST = 20;

/**
 * What a person reads when nothing can be promised because the store is away: that it was not taken in, and how to do it by hand.
 * `isUnsure`: it may have been written down all the same.
 */
export function offline(
  byHand: ByHand | undefined,
  { isUnsure, origins }: { isUnsure: boolean; origins: Origins },
): Message {
  const text = isUnsure
    ? "I can't tell whether I took that in: my store (Redis) did not answer. Look at the board before you ask again."
    : "Not accepted: I can't reach my store (Redis), so I can't do this safely.";
  return {
    text,
    blocks: [{ kind: 'section', text: mrkdwn`${text}` }, ...(byHand ? steps(byHand, origins) : [])],
  };
}

/** The three acts that a rollback is made of, in its order: stop, put back, make haste. */
function steps(byHand: ByHand, origins: Origins): Block[] {
  return [
    step(mrkdwn`*By hand in ${byHand.environment}, now.* 1. Stop what moves:`, abortCommands(byHand)),
    ...byHand.repositories.map(({ name, files }) =>
      step(
        mrkdwn`2. Put the old content back in ${name}:`,
        revertCommands({ ...byHand, files, origin: origins[name] }),
      ),
    ),
    ...refreshSteps(byHand),
    {
      kind: 'context',
      texts: [
        mrkdwn`A release that had finished runs its canary again on the way back. To skip the steps: ${'kubectl argo rollouts promote <rollout> -n <namespace> --full'}. What you do is found and recorded when I am back.`,
      ],
    },
  ];
}

function step(title: ReturnType<typeof mrkdwn>, lines: readonly string[]): Block {
  return { kind: 'section', text: mrkdwn`${title}\n${codeBlock(lines.join('\n'))}` };
}

function abortCommands({ moving, placements }: ByHand): string[] {
  if (placements.length === 0) return ['kubectl argo rollouts abort <rollout> -n <namespace>'];
  if (moving.length === 0) return ['# nothing is seen moving: go on with 2'];
  return perCluster(moving, (here) =>
    here.map(({ rollout, namespace }) => `kubectl argo rollouts abort ${rollout} -n ${namespace}`),
  );
}

/** One commit that takes back everything a release wrote to this repository, found by what its commits say of themselves. */
export function revertCommands(of: {
  environment: string;
  release?: string;
  files: readonly string[];
  origin: Origins[string] | undefined;
}): string[] {
  const { url = '<repository>', branch = 'main' } = of.origin ?? {};
  const paths = of.files.length > 0 ? ` -- ${of.files.map(quoted).join(' ')}` : '';
  const trailer = "--format='%(trailers:key=Release-Id,valueonly,separator=)'";
  return [
    `git clone --branch ${quoted(branch)} ${quoted(url)} by-hand && cd by-hand &&`,
    `R=$(git log -1 --all-match --grep='^Release-Intent: deploy' --grep=${quoted(idPattern(of))} ${trailer}${paths}) &&`,
    'git revert --no-commit $(git log --grep="^Release-Id: $R\\$" --format=%H) &&',
    `git commit -m "Roll back $R by hand" -m "Rolls-Back: $R" && git push origin ${quoted(`HEAD:${branch}`)}`,
  ];
}

/** A basic regular expression for the trailer of the release that is meant. */
function idPattern({ environment, release }: { environment: string; release?: string }): string {
  if (release === undefined) return `^Release-Id: ${environment}/`;
  const literal = release.replaceAll('.', '\\.');
  if (!/^\.?\d+$/.test(release)) return `^Release-Id: ${environment}/${literal}$`;
  return `^Release-Id: ${environment}/.*${release.startsWith('.') ? '' : '\\.'}${literal}$`;
}

function refreshSteps({ moving, placements }: ByHand): Block[] {
  const served = placements.filter(({ argocd }) => argocd !== undefined);
  if (served.length === 0) return [];
  const first = served.filter((placement) => moving.includes(placement));
  const lines = perCluster(first.length > 0 ? first : served, (here) =>
    [...Map.groupBy(here, ({ argocd }) => argocd?.namespace ?? '')].map(
      ([namespace, there]) =>
        `kubectl annotate applications.argoproj.io -n ${namespace} ${there
          .map(({ argocd }) => argocd?.application ?? '')
          .join(' ')} argocd.argoproj.io/refresh=normal --overwrite`,
    ),
  );
  return [step(mrkdwn`3. Have Argo CD look at once:`, lines)];
}

function perCluster(
  placements: readonly Placement[],
  commands: (here: readonly Placement[]) => string[],
): string[] {
  const clusters = byCluster(placements.slice(0, MOST));
  const more = placements.length > MOST ? [`# and ${placements.length - MOST} more`] : [];
  const lines = [...clusters].flatMap(([cluster, here]) => [
    ...(clusters.size > 1 ? [`# cluster ${cluster}`] : []),
    ...commands(here),
  ]);
  return [...lines, ...more];
}

/** As a POSIX shell reads it; what needs no quotes gets none. */
function quoted(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
