import { policyOf } from '../../domain/actor.ts';
import { type ReleaseId, releaseStream } from '../../domain/ids.ts';
import { type PreflightRow, sameRows } from '../../domain/policy/row.ts';
import { withStartRows } from '../../domain/policy/start-rules.ts';
import type { ReleaseState } from '../../domain/release/release-state.ts';
import type { Ports } from '../../ports/ports.ts';
import { recordAlways, stamp } from '../record.ts';
import { askStart, type StartPorts } from './ask-start.ts';

/** Kept for longer than a judgement counts. */
const KEEP_MS = 24 * 3600 * 1000;

/** When the gates before the start were asked last, in milliseconds since 1970; absent: nobody knows. */
export async function startJudgedAt(
  { scratch }: Pick<Ports, 'scratch'>,
  { id, planHash, preflight }: ReleaseState,
): Promise<number | undefined> {
  const kept = await scratch.get(key(id, planHash));
  const recorded = preflight && Date.parse(preflight.at);
  const known = [typeof kept === 'number' ? kept : undefined, recorded].filter((at) => at !== undefined);
  return known.length > 0 ? Math.max(...known) : undefined;
}

/** Asks the gates before the start again, and records what they come to where that is something else. */
export async function judgeStartAgain(
  ports: StartPorts & Pick<Ports, 'scratch'>,
  release: ReleaseState,
): Promise<void> {
  const { plan, planHash, preflight } = release;
  const before = preflight?.rows ?? [];
  const rows = withStartRows(before, {
    document: { file: release.manifest.path, locate: () => undefined },
    plan,
    start: await askStart(ports, { plan, environment: release.environment }),
  });
  if (!sameRows(outcomes(rows), outcomes(before))) {
    const risk = preflight?.risk;
    const fact = stamp(ports.clock, {
      kind: 'preflight.judged',
      actor: policyOf(release.environment),
      data: { planHash, rows, ...(risk && { risk }) },
    });
    await recordAlways(ports.ledger, releaseStream(release.id), [fact]);
  }
  // From here on it counts: asking may take longer than an answer does.
  await ports.scratch.put(key(release.id, planHash), ports.clock.now(), KEEP_MS);
}

/** Numbers move with every look; what they come to is what is worth a fact. */
function outcomes(rows: readonly PreflightRow[]): PreflightRow[] {
  return rows.map(({ rule, outcome, refuses, service = '' }) => ({ rule, outcome, refuses, says: service }));
}

function key(id: ReleaseId, planHash: string): string {
  return `start:${id}:${planHash}`;
}
