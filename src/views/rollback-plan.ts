import { versionOf } from '../domain/content.ts';
import { wantedWords } from '../domain/flag/flag-setting.ts';
import { type ReleaseId, type ReleaseName, splitReleaseId } from '../domain/ids.ts';
import type { RollbackPlanned } from '../domain/plan/rollback-input.ts';
import type { Request } from '../domain/request.ts';
import { channelLink, code, join, type Mrkdwn, mrkdwn } from '../domain/text/mrkdwn.ts';
import type { Answer, Block, Form } from '../ports/message.ts';
import { notDone, said } from './answers.ts';
import { keptLines } from './migration-lines.ts';
import { count, list } from './words.ts';

type Planned = Extract<RollbackPlanned, { kind: 'planned' }>;

/** What goes back, to what, and why, with the one confirmation. */
export function rollbackForm({
  planned,
  environment,
  does,
}: {
  planned: Planned;
  environment: string;
  does: Request;
}): Form {
  const { draft, leftOut, unproven } = planned;
  const services = Object.keys(draft.services);
  const text = `Roll back in ${environment}: ${list(services)}`;
  const blocks: Block[] = [
    { kind: 'section', text: mrkdwn`*Roll back in ${environment}*` },
    {
      kind: 'section',
      text: join(
        services.map((service) => line(planned, service)),
        '\n',
      ),
    },
    ...flagLines(planned),
    {
      kind: 'section',
      text: mrkdwn`Canaries are aborted first, then Git goes back; canary steps are skipped. Nothing blocks it: freezes, approvals and gates do not hold recovery.`,
    },
  ];
  const notes = [
    ...keptLines(draft.recovery?.keeps ?? []),
    ...leftOut.map(
      ({ service, says, remedy }) =>
        mrkdwn`${code(service)} stays: ${says}${remedy === undefined ? '' : `. ${remedy}`}`,
    ),
    ...unproven.map(
      ({ service, on }) =>
        mrkdwn`${code(service)} stays and depends on ${on}; nothing says whether it needs the newer one`,
    ),
  ];
  if (notes.length > 0) blocks.push({ kind: 'section', text: join(notes, '\n') });
  return {
    title: 'Roll back',
    message: { text, blocks },
    inputs: [],
    submit: { label: `Roll back ${count(services.length, 'service')}`.slice(0, 24), does },
  };
}

/** Flags go back before everything else, and nothing waits for them. */
function flagLines({ draft }: Planned): Block[] {
  const flags = draft.recovery?.flags ?? [];
  if (flags.length === 0) return [];
  const lines = flags
    .slice(0, 10)
    .map(({ flag, to }) => mrkdwn`Flag ${code(flag.key)} goes back first: it is turned ${wantedWords(to)}`);
  return [{ kind: 'section', text: join(lines, '\n') }];
}

function line({ draft }: Planned, service: string): Mrkdwn {
  const planned = draft.services[service];
  if (planned === undefined) return code(service);
  const from = planned.from ? versionOf(planned.from) : 'unknown';
  const standing =
    draft.recovery?.standing[service] === 'adopted' ? 'found running before the first release' : 'verified';
  const restores = draft.recovery?.restores[service];
  const of = restores ? ` by ${splitReleaseId(restores).name}` : '';
  return mrkdwn`${code(service)}  ${from} → *${versionOf(planned.to)}*   ${standing}${of}${because(draft.recovery?.because[service])}`;
}

function because(why: NonNullable<Planned['draft']['recovery']>['because'][string] | undefined): string {
  if (why?.kind === 'needs') return `   goes back too: it needs ${why.service}`;
  return why?.kind === 'sameRelease' ? '   same release' : '';
}

/** Why nothing goes back, and what to do instead. */
export function rollbackRefusal(refused: Exclude<RollbackPlanned, Planned>, environment: string): Answer {
  switch (refused.kind) {
    case 'nothing':
      return notDone(`Nothing to roll back in ${environment}: ${refused.says}.`);
    case 'underway':
      return rollbackUnderway(refused.release);
    case 'refused':
      return notDone(`Not rolled back: ${refused.says}.`, mrkdwn`${refused.remedy}`);
  }
}

/** To the person who asks for what happens already. */
export function rollbackUnderway(release: ReleaseId): Answer {
  return said(`That is going back already: ${splitReleaseId(release).name}.`);
}

/** To the person who asks for it again, after it had written everything. */
export function putBackAgain(release: ReleaseId): Answer {
  return said(
    `That is going back already: ${splitReleaseId(release).name}.`,
    mrkdwn`What somebody changed in Git since is put back once more.`,
  );
}

/** To the person who confirmed: where it is followed. */
export function rollbackStarted({ id, channel }: { id: ReleaseId; channel: string }): Answer {
  const { environment, name } = splitReleaseId(id);
  return said(`Rolling back in ${environment} as ${name}.`, mrkdwn`Follow it in ${channelLink(channel)}.`);
}

/** To the person who aborted what has nothing to go back to: that it is over, and what was left. */
export function endedAsItIs({
  name,
  because,
  written,
}: {
  name: ReleaseName;
  because: string;
  written: boolean;
}): Answer {
  const left = written
    ? mrkdwn`What it brought stays as it is in Git and in the cluster. To change that, cut a release with the version you want.`
    : mrkdwn`It had changed nothing. Its services are free for the next release.`;
  return said(`${name} has ended; nothing was put back: ${because}.`, left);
}

/** To the person who aborted in the moment between an act and its receipt. */
export function stillActing(name: ReleaseName): Answer {
  return notDone(`${name} is writing something at this moment. Abort it again in a few seconds.`);
}
