import type { EnvironmentState } from '../../domain/environment/environment-state.ts';
import type { EnvironmentName } from '../../domain/ids.ts';
import type { EnvironmentFactBody } from '../../domain/ledger/fact.ts';
import { UnavailableError } from '../../errors.ts';
import type { Answer } from '../../ports/message.ts';
import type { Ports } from '../../ports/ports.ts';
import { notDone } from '../../views/answers.ts';
import { readEnvironment } from '../read-state.ts';
import { stamp, writeTo } from '../record.ts';
import type { Asker } from '../requests/asked.ts';

/** What a person's wish comes to when it meets the facts of an environment. */
export type EnvironmentDecision =
  | { kind: 'facts'; facts: EnvironmentFactBody[] }
  | { kind: 'answer'; answer: Answer };

/** `state`: with what was decided in it. */
export type EnvironmentDecided =
  | { kind: 'recorded'; state: EnvironmentState }
  | { kind: 'answer'; answer: Answer };

/** Others may append in the same moment this often before the person is told to try again. */
const MAX_TRIES = 20;

/**
 * Decides about exemptions, freezes and flags of an environment on its facts and appends what was decided, as this person and once for this request.
 * When somebody else appends first, the decision is made again on what is there now.
 */
export async function decideOnEnvironment(
  ports: Pick<Ports, 'ledger' | 'snapshots' | 'clock'>,
  {
    asked,
    environment,
    recovery = false,
  }: { asked: Asker; environment: EnvironmentName; recovery?: boolean },
  decide: (state: EnvironmentState) => EnvironmentDecision,
): Promise<EnvironmentDecided> {
  const { ledger, clock } = ports;
  const actor = { kind: 'person' as const, id: asked.by.id, via: asked.via };
  for (let i = 0; i < MAX_TRIES; i++) {
    const { state, at } = await readEnvironment(ports, environment);
    // Carried out before a crash: what is recorded stands, whatever the facts allow now.
    if (isCarriedOut(state, asked.id)) return { kind: 'recorded', state };
    const decision = decide(state);
    if (decision.kind === 'answer') return decision;
    const facts = decision.facts.map((fact) => stamp(clock, { ...fact, actor, cause: asked.id }));
    const appended = await ledger.append({
      operation: `request:${asked.id}`,
      writes: [writeTo(at, facts, environment)],
      fences: {},
      raises: {},
      recovery,
    });
    if (appended.kind === 'readOnly') {
      const says = `${environment} can't be changed by this version of me: ${appended.reason}.`;
      return { kind: 'answer', answer: notDone(says) };
    }
    if (appended.kind !== 'conflict')
      return { kind: 'recorded', state: (await readEnvironment(ports, environment)).state };
  }
  throw new UnavailableError(`${environment} is changing faster than this gets in`, { retryAfterMs: 500 });
}

function isCarriedOut({ exemptions, freezes, flags }: EnvironmentState, request: string): boolean {
  return (
    [...exemptions, ...freezes].some(({ causes }) => causes.includes(request)) ||
    flags.changes.some(({ cause }) => cause === request)
  );
}
