import { policyOf } from '../domain/actor.ts';
import type { EnvironmentName, ReleaseId, StreamId } from '../domain/ids.ts';
import type { Look, Turn } from '../domain/release/look.ts';
import type { ReleaseState } from '../domain/release/release-state.ts';
import { TerminalError } from '../errors.ts';
import type { Write } from '../ports/ledger.ts';
import type { Ports } from '../ports/ports.ts';
import type { Gathered } from './gather-look.ts';
import { readRelease } from './read-state.ts';
import { asTracks, stamp, writeTo } from './record.ts';

/**
 * Appends a turn's facts, all or nothing, on the condition that release and environment are as they were looked at and, once it
 * holds tracks, that it still holds them. Whatever came in between, the next look decides again.
 */
export async function recordTurn(
  ports: Pick<Ports, 'ledger' | 'clock' | 'bells'>,
  { look, release, environment }: Gathered,
  turn: Turn,
): Promise<void> {
  const { state } = release;
  const own = [
    ...writeOf(ports, release.at, { facts: turn.record.release, id: state.id }),
    ...writeOf(ports, environment.at, { facts: turn.record.environment, id: state.id }),
  ];
  const ends = turn.record.release.some((fact) => fact.kind === 'release.ended');
  const takenBack = ends ? await endTakenBack(ports, { look, by: look.release }) : [];
  const started = turn.record.release.some((fact) => fact.kind === 'release.started');
  const appended = await ports.ledger.append({
    writes: [...own, ...takenBack],
    fences: started ? {} : asTracks(state.environment, state.started?.epochs ?? {}),
    raises: asTracks(state.environment, turn.raises),
    recovery: state.plan.type === 'rollback',
    // Releases taken back have their last word to say; whoever says it closes the stream.
    opens: takenBack.map((write) => write.stream),
  });
  if (appended.kind === 'readOnly')
    throw new TerminalError(`${appended.stream} is read-only: ${appended.reason}`);
  if (ends && appended.kind === 'appended') await ringUnfinished(ports, state.environment);
}

function writeOf(
  { clock }: Pick<Ports, 'clock'>,
  at: Gathered['release']['at'],
  { facts, id }: { facts: Turn['record']['release'] | Turn['record']['environment']; id: ReleaseId },
): Write[] {
  return facts.length === 0
    ? []
    : [
        writeTo(
          at,
          facts.map((fact) => stamp(clock, fact)),
          id,
        ),
      ];
}

/**
 * A recovery that ends also writes the end of every release it took back: whole, or in part. Of a recovery that it overtook, so
 * that nobody else will, it writes the ends that were left to it.
 */
async function endTakenBack(
  ports: Pick<Ports, 'ledger' | 'clock'>,
  { look, by }: { look: Look; by: Pick<ReleaseState, 'id' | 'plan'> },
): Promise<Write[]> {
  const { environment, plan } = look.release;
  const writes: Write[] = [];
  for (const back of by.plan.recovery?.rollsBack ?? []) {
    const reading = await readRelease(ports.ledger, back);
    // A stream that this program must not write to keeps its last word; the recovery's own stream tells the rest.
    if (reading === undefined || reading.at.readOnly || reading.state.takenBack?.by !== by.id) continue;
    const { state, at } = reading;
    const whole = Object.keys(state.plan.services).every((service) => plan.services[service]);
    const outcome = whole ? ('rolled-back' as const) : ('partially-rolled-back' as const);
    const fact = stamp(ports.clock, {
      kind: 'release.ended',
      actor: policyOf(environment),
      data: { outcome },
    });
    writes.push(writeTo(at, [fact], back));
    if (state.ended === undefined) writes.push(...(await endTakenBack(ports, { look, by: state })));
  }
  return writes;
}

/** Those that waited for these tracks are looked at now rather than at the next sweep. */
export async function ringUnfinished(
  { ledger, bells }: Pick<Ports, 'ledger' | 'bells'>,
  environment: EnvironmentName,
): Promise<void> {
  const prefix: StreamId = `release:${environment}/`;
  const waiting = (await ledger.unfinished()).filter((stream) => stream.startsWith(prefix));
  await Promise.all(
    waiting.map((stream) =>
      bells.ring({ kind: 'release', release: stream.slice('release:'.length) as ReleaseId }),
    ),
  );
}
