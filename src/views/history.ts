import { versionOf } from '../domain/content.ts';
import { durationInWords } from '../domain/gate/duration.ts';
import type { FoundContent, FoundRelease, NamedBy } from '../domain/history/find-content.ts';
import type { ServiceChange } from '../domain/history/service-changes.ts';
import { type ReleaseId, splitReleaseId } from '../domain/ids.ts';
import { code, join, link, type Mrkdwn, mrkdwn, when } from '../domain/text/mrkdwn.ts';
import type { Answer, Block } from '../ports/message.ts';
import { said } from './answers.ts';
import { listed, type Row } from './rows.ts';
import { count, list, shorten } from './words.ts';

/** Addresses for people; absent where there is none. */
interface Links {
  /** The release's board. */
  linkOf(release: ReleaseId): string | undefined;
  commitUrl(repository: string, commit: string): string | undefined;
}

/** Releases named under the places; the rest is counted. */
const RELEASES_SHOWN = 8;

/** Where something runs and ran, and which releases bring it. */
export function whereAnswer(
  found: Links & {
    word: string;
    service?: string | undefined;
    contents: readonly FoundContent[];
    /** Newest first. */
    releases: readonly FoundRelease[];
    /** A version that is known and looks like it. */
    near?: string | undefined;
    /** Whether any image at all says which commit it was built from. */
    hasRevisions: boolean;
  },
): Answer {
  const { word, service, contents, releases, near, hasRevisions } = found;
  const what = service === undefined ? shorten(word, 80) : `${service}@${shorten(word, 80)}`;
  if (contents.length === 0 && releases.length === 0) return nowhere(what, { near, hasRevisions });
  const now = contents.filter(({ until }) => until === undefined);
  const before = contents.filter(({ until }) => until !== undefined);
  const places = [...new Set(now.map(({ environment }) => environment))];
  const text =
    now.length > 0
      ? `${what} runs in ${list(places)}`
      : `${what} runs nowhere${before.length > 0 ? ' any more' : ''}`;
  return listed({
    text,
    head: [{ kind: 'section', text: mrkdwn`*${text}*` }],
    rows: [...now, ...before].map((content) => placeRow(content, found)),
    tail: releaseBlocks(releases, found),
    noun: 'place',
    file: 'where.txt',
  });
}

function nowhere(
  what: string,
  { near, hasRevisions }: { near: string | undefined; hasRevisions: boolean },
): Answer {
  const why = hasRevisions
    ? []
    : [
        mrkdwn`No image says which commit it was built from (label ${code('org.opencontainers.image.revision')}), so commits can't be found.`,
      ];
  return said(
    `Nothing I know of is ${what}.`,
    mrkdwn`I look for a version, a digest or a commit from its seventh character on, in what the environments ran and in the newest releases.${near === undefined ? '' : ` Did you mean ${near}?`}`,
    ...why,
  );
}

function placeRow(found: FoundContent, links: Links): Row {
  const { service, environment, content, by, since, until, standing } = found;
  const release = releaseIn(found);
  const name = release && splitReleaseId(release).name;
  const stay =
    until === undefined
      ? mrkdwn`since ${when(since, 'date')}`
      : mrkdwn`${when(since, 'date')} to ${when(until, 'date')}`;
  const by_ = release === undefined ? mrkdwn`` : mrkdwn` by ${releaseLink(release, links)}`;
  const marks = `${byWords(by)}${standing === 'adopted' ? ', found running' : ''}`;
  return {
    line: mrkdwn`${code(service)} ${versionOf(content)}  *${environment}*  ${stay}${by_}${marks}`,
    text: `${service} ${versionOf(content)}  ${environment}  ${since}${until ? ` to ${until}` : ''}${name ? ` by ${name}` : ''}${marks}`,
  };
}

function releaseIn({ environment, release }: FoundContent): ReleaseId | undefined {
  if (release === undefined) return undefined;
  return release.startsWith(`${environment}/`) ? (release as ReleaseId) : undefined;
}

function byWords(by: NamedBy): string {
  return by === 'version' ? '' : `, by its ${by}`;
}

function releaseBlocks(releases: readonly FoundRelease[], links: Links): Block[] {
  if (releases.length === 0) return [];
  const shown = releases.slice(0, RELEASES_SHOWN).map((each) => releaseLine(each, links));
  const more = releases.length - shown.length;
  const lines = more > 0 ? [...shown, mrkdwn`_and ${count(more, 'more release')}_`] : shown;
  return [{ kind: 'section', text: mrkdwn`Releases:\n${join(lines, '\n')}` }];
}

function releaseLine({ release, phase, services, commit }: FoundRelease, links: Links): Mrkdwn {
  const { environment } = splitReleaseId(release);
  const names = services.map(({ service }) => service);
  const brings = names.length > 0 ? mrkdwn`: ${shorten(list(names), 200)}` : mrkdwn``;
  const by = commit ? mrkdwn`, carried out by ${commitLink(commit, links)}` : mrkdwn``;
  return mrkdwn`${releaseLink(release, links)} → ${environment}  ${phaseWords(phase)}${brings}${by}`;
}

function phaseWords(phase: FoundRelease['phase']): string {
  const words: Partial<Record<FoundRelease['phase'], string>> = {
    awaitingApproval: 'not begun',
    queued: 'waits for its turn',
    moving: 'on its way',
    recovering: 'going back',
  };
  return words[phase] ?? phase;
}

/** What happened to a service, newest first. */
export function changesAnswer(
  found: Links & {
    service: string;
    environment?: string | undefined;
    withinMs: number;
    /** Before command names. */
    prefix: string;
    /** Newest first. */
    changes: readonly ServiceChange[];
    nameOf(id: string): string;
  },
): Answer {
  const { service, environment, withinMs, prefix, changes } = found;
  const where = environment === undefined ? '' : ` in ${environment}`;
  const span = durationInWords(withinMs);
  const past: Block = {
    kind: 'context',
    texts: [
      mrkdwn`From the ledger. What somebody pushed or patched past it: ${code(`/${prefix}release diff ${environment ?? '<env>'} git cluster`)}`,
    ],
  };
  if (changes.length === 0) {
    const text = `Nothing changed ${service}${where} in the last ${span}`;
    return {
      kind: 'message',
      message: { text, blocks: [{ kind: 'section', text: mrkdwn`*${text}.*` }, past] },
    };
  }
  const text = `${count(changes.length, 'change')} of ${service}${where} in the last ${span}`;
  return listed({
    text,
    head: [{ kind: 'section', text: mrkdwn`*${text}*` }],
    rows: changes.map((change) => changeRow(change, found)),
    tail: [past],
    noun: 'change',
    file: `changes-${service}.txt`,
  });
}

function changeRow(change: ServiceChange, links: Links & { nameOf(id: string): string }): Row {
  const { at, environment, release, who, says, byHand, commit } = change;
  const by = who === undefined ? '' : ` · ${shorten(whoWords(who, links), 60)}`;
  const hand = byHand ? 'by hand: ' : '';
  const words = shorten(says, 300);
  const of = release === undefined ? mrkdwn`` : mrkdwn` ${releaseLink(release, links)}`;
  const to = commit === undefined ? mrkdwn`` : mrkdwn` ${commitLink(commit, links)}`;
  return {
    line: mrkdwn`${when(at, 'date')}  *${environment}*${of}  ${hand}${words}${to}${by}`,
    text: `${at}  ${environment}${release ? ` ${splitReleaseId(release).name}` : ''}  ${hand}${says}${commit ? ` ${commit.commit}` : ''}${by}`,
  };
}

/** Who pushed to a branch is known by what Git says, and by nothing else. */
function whoWords(who: string, { nameOf }: { nameOf(id: string): string }): string {
  const policy = /^signalbox:policy:(.+)$/.exec(who);
  if (policy) return `policy of ${policy[1]}`;
  return who.includes('<') ? who : nameOf(who);
}

function releaseLink(release: ReleaseId, { linkOf }: Links): Mrkdwn {
  const url = linkOf(release);
  const { name } = splitReleaseId(release);
  return url === undefined ? mrkdwn`${name}` : link(url, name);
}

function commitLink(
  { repository, commit }: { repository: string; commit: string },
  { commitUrl }: Links,
): Mrkdwn {
  const url = commitUrl(repository, commit);
  const short = commit.slice(0, 8);
  return url === undefined ? code(short) : link(url, short);
}
