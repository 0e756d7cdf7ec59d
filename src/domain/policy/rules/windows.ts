import { durationInWords } from '../../gate/duration.ts';
import { type Finding, findingAt } from '../finding.ts';
import type { PreflightInput } from '../preflight-input.ts';

/** `freeze-window` only where there are windows or freezes at all. */
export function hasWindows({ changes }: PreflightInput): boolean {
  return (
    changes !== undefined && (changes.standing.kind === 'closed' || changes.standing.closes !== undefined)
  );
}

export function windowWords({ changes, environment }: PreflightInput): string {
  const closes = changes?.standing.kind === 'open' ? changes.standing.closes : undefined;
  return closes === undefined
    ? `${environment.name} is open`
    : `${environment.name} is open until ${moment(closes.at)} (${closes.window}: ${closes.reason})`;
}

/** `freeze-window`: what is closed now starts when it opens; what may not be done before it closes is told. */
export function freezeWindow({ document, environment, plan, changes }: PreflightInput): Finding[] {
  if (changes === undefined) return [];
  const { standing, takesMs, now } = changes;
  const finding = (says: string, remedy: string) =>
    findingAt(document, { rule: 'freeze-window', severity: 'warn', path: [], says, remedy });
  if (standing.kind === 'closed') {
    const until = standing.opensAt === undefined ? 'until it is lifted' : `until ${moment(standing.opensAt)}`;
    const says = `${environment.name} is closed ${until} (${standing.window}: ${standing.reason})`;
    return plan?.type === 'hotfix'
      ? [finding(`waived for a hotfix: ${says}`, 'Nothing: a hotfix passes it.')]
      : [
          finding(
            `${says}; it starts after that`,
            'Wait, or ask two people for an exemption from freeze-window.',
          ),
        ];
  }
  const { closes } = standing;
  if (closes === undefined || takesMs === undefined || now + takesMs <= closes.at) return [];
  return [
    finding(
      `releases here take up to ${durationInWords(Math.ceil(takesMs / 60_000) * 60_000)}, and ${environment.name} closes at ${moment(closes.at)} (${closes.window}): it would stop between two waves`,
      'Start it after that, or make it smaller.',
    ),
  ];
}

/** In UTC, to the minute: rows are plain text, which knows no reader's clock. */
function moment(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
