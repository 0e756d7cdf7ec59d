import { versionOf } from '../domain/content.ts';
import type { EnvironmentState } from '../domain/environment/environment-state.ts';
import type { ChangeEnd } from '../domain/ledger/environment-facts.ts';
import type { ObservedChange } from '../domain/observe/observed-change.ts';
import type { RolloutView } from '../domain/rollout/rollout-view.ts';
import { code, join, link, type Mrkdwn, mrkdwn, when } from '../domain/text/mrkdwn.ts';
import type { Message } from '../ports/message.ts';
import { verdictWords } from './gate-words.ts';
import { shorten } from './words.ts';

/** What others did to a service, with what is seen of it just now. */
export interface ChangePicture {
  environment: string;
  change: ObservedChange;
  /** What ran before; absent where nobody knows. */
  before: string | undefined;
  /** By placement; only while it is under way. */
  views: readonly { placement: string; view: RolloutView }[];
  commitUrl(repository: string, commit: string): string | undefined;
}

const COMMITS_SHOWN = 3;

/** The message of one change: who did it, how far it is, what its gates say. Nothing here can be pressed. */
export function changeBoard(picture: ChangePicture): Message {
  const { environment, change } = picture;
  const text = `seen in ${environment}: ${moveOf(picture)} · ${stateOf(picture)}`;
  const lines = [
    ...change.commits.slice(0, COMMITS_SHOWN).map((commit) => commitLine(commit, picture)),
    ...(change.commits.length === 0 && change.images ? [mrkdwn`no commit of its files is seen`] : []),
    ...(change.ended ? [] : picture.views.map(viewLine)),
    ...change.judgements.map((judgement) => mrkdwn`${verdictWords(judgement)}`),
  ];
  return {
    text,
    blocks: [
      { kind: 'section', text: join([mrkdwn`*${text}*`, ...lines], '\n') },
      {
        kind: 'context',
        texts: [
          mrkdwn`${change.id} · ${when(change.seenAt, 'date')} · not a release of mine: ${environment} is only observed, and I write nothing there`,
        ],
      },
    ],
  };
}

/** What a gate that did not pass means where nobody acts; said anew, so that somebody hears it. */
export function changeJudged(
  { environment, change }: Pick<ChangePicture, 'environment' | 'change'>,
  judgement: ObservedChange['judgements'][number],
): Message {
  const text = `${environment}: ${verdictWords(judgement)}`;
  const means = {
    pass: '',
    fail: judgement.required
      ? 'A release would have been taken back here. Nothing is done: the environment is only observed.'
      : 'The gate is not required: a release would have gone on.',
    inconclusive: 'A release would have been held here for a person.',
    error: 'A release would have been held here for a person.',
  }[judgement.verdict];
  return {
    text,
    blocks: [{ kind: 'section', text: mrkdwn`*${text}*\n${change.id} of ${change.service}. ${means}` }],
  };
}

/** One line for `/release status`: `web 1.7.4 → 1.8.0 canary at 25 %`. */
export function changeLine(picture: ChangePicture): Mrkdwn {
  return mrkdwn`        ${picture.change.id}   ${moveOf(picture)} · ${stateOf(picture)}`;
}

/** What ran when a change was first seen, as people call it. */
export function beforeOf(state: EnvironmentState, change: ObservedChange): string | undefined {
  const known = state.known[change.service]?.find(({ at }) => at <= change.seenAt);
  return known && versionOf(known.content);
}

const END: Readonly<Record<ChangeEnd, string>> = {
  serving: 'serving',
  aborted: 'aborted, the version before serves',
  takenBack: 'taken back',
  replaced: 'replaced by another change',
  quiet: 'changed nothing that runs',
};

function moveOf({ change, before }: ChangePicture): string {
  const to = change.version ?? (change.images ? Object.values(change.images)[0] : undefined);
  if (to === undefined) return `${change.service}, in Git`;
  return `${change.service} ${before === undefined ? '' : `${before} → `}${shorten(to, 60)}`;
}

function stateOf({ change, views }: ChangePicture): string {
  if (change.ended) return END[change.ended.how];
  if (change.images === undefined) return 'committed, the cluster does not show it yet';
  const paused = views.find(({ view }) => view.phase === 'Paused');
  const weight = views.map(({ view }) => view.weight).find((each) => each !== undefined);
  const at = weight === undefined ? '' : ` at ${Math.round(weight)} %`;
  return paused ? `canary paused${at}` : `moving${at}`;
}

function viewLine({ placement, view }: ChangePicture['views'][number]): Mrkdwn {
  const argocd = view.application
    ? mrkdwn` · Argo CD ${view.application.sync} at ${code(view.application.revision.slice(0, 8))}`
    : mrkdwn``;
  const message = view.message === '' ? mrkdwn`` : mrkdwn` (${shorten(view.message, 120)})`;
  return mrkdwn`${placement}: ${view.phase}${message}${argocd}`;
}

function commitLine(
  { repository, commit, subject, author }: ObservedChange['commits'][number],
  { commitUrl }: Pick<ChangePicture, 'commitUrl'>,
): Mrkdwn {
  const url = commitUrl(repository, commit);
  const short = commit.slice(0, 8);
  const named = url === undefined ? code(short) : link(url, short);
  return mrkdwn`${named} ${shorten(subject, 100)} · ${shorten(author, 60)}`;
}
