import type { IncidentState } from '../domain/incident/incident-state.ts';
import type { ReleaseState } from '../domain/release/release-state.ts';
import { code, join, type Mrkdwn, mrkdwn, when } from '../domain/text/mrkdwn.ts';
import type { Message } from '../ports/message.ts';
import { shorten } from './words.ts';

/** Whether what a hotfix was built from has come back to the branch that releases are built from. */
export type BackMerge =
  | { service: string; kind: 'merged' | 'missing'; repository: string; branch: string; commit: string }
  | { service: string; kind: 'unknown'; says: string };

/** What is left to do a working day after a hotfix. */
export function hotfixFollowUp({
  release,
  backMerges,
  incident,
  nameOf,
}: {
  release: ReleaseState;
  backMerges: readonly BackMerge[];
  incident: IncidentState | undefined;
  nameOf(id: string): string;
}): Message {
  const missing = backMerges.filter(({ kind }) => kind !== 'merged');
  const left = missing.length > 0 ? `back-merge ${missing.map(({ service }) => service).join(', ')}, ` : '';
  const mended = incident ? mrkdwn` for ${incident.id} ${incident.title}` : mrkdwn``;
  const ended = release.ended
    ? mrkdwn` ended as ${release.ended.outcome} ${when(release.ended.at, 'date')}`
    : mrkdwn``;
  const lines: Mrkdwn[] = [
    mrkdwn`*Hotfix ${release.name} → ${release.environment}*${mended}${ended}, cut by ${nameOf(release.requestedBy)}. Left to do:`,
    ...backMerges.map(backMergeLine),
    incident && !incident.resolved
      ? mrkdwn`• ${incident.id} is still open: resolve it, or say what is missing`
      : mrkdwn`• the incident is resolved`,
    mrkdwn`• look back together: why was it not found before, which gate or test would have, who does what by when`,
    mrkdwn`• what was waived for it stands in its preflight: is the rule right?`,
  ];
  return {
    text: shorten(`${release.environment} · hotfix ${release.name}: ${left}look back`, 150),
    blocks: [{ kind: 'section', text: join(lines, '\n') }],
  };
}

function backMergeLine(each: BackMerge): Mrkdwn {
  if (each.kind === 'unknown')
    return mrkdwn`• *back-merge not known* for ${each.service}: ${each.says}; look yourselves`;
  const where = mrkdwn`${code(each.commit.slice(0, 8))} on ${each.branch} of ${each.repository}`;
  return each.kind === 'merged'
    ? mrkdwn`• ${each.service}: ${where}, so the next release has it`
    : mrkdwn`• *back-merge ${each.service}*: there is no ${where}, so the next release would take the fix away`;
}
