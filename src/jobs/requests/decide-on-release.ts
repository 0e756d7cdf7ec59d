import type { ReleaseId } from '../../domain/ids.ts';
import type { ReleaseFactBody } from '../../domain/ledger/fact.ts';
import type { ReleaseState } from '../../domain/release/release-state.ts';
import { UnavailableError } from '../../errors.ts';
import type { Answer } from '../../ports/message.ts';
import type { Ports } from '../../ports/ports.ts';
import { notDone } from '../../views/answers.ts';
import { readRelease } from '../read-state.ts';
import { stamp, writeTo } from '../record.ts';
import type { Asker } from './asked.ts';

/** What a person's wish comes to when it meets the facts. */
export type Decision = { kind: 'facts'; facts: ReleaseFactBody[] } | { kind: 'answer'; answer: Answer };

export type Decided = { kind: 'recorded'; state: ReleaseState } | { kind: 'answer'; answer: Answer };

/** Others may append in the same moment this often before the person is told to try again. */
const MAX_TRIES = 20;

/**
 * Decides about a release on its facts and appends what was decided, as this person and once for this request. When somebody
 * else appends first, the decision is made again on what is there now.
 */
export async function decideOnRelease(
  { ledger, clock }: Pick<Ports, 'ledger' | 'clock'>,
  { asked, release }: { asked: Asker; release: ReleaseId },
  decide: (state: ReleaseState) => Decision,
): Promise<Decided> {
  const actor = { kind: 'person' as const, id: asked.by.id, via: asked.via };
  for (let i = 0; i < MAX_TRIES; i++) {
    const reading = await readRelease(ledger, release);
    if (reading === undefined) return { kind: 'answer', answer: notDone(`There is no release ${release}.`) };
    const { state, at } = reading;
    // Carried out before a crash: what is recorded stands, whatever the facts allow now.
    if (at.facts.some((fact) => fact.cause === asked.id)) return { kind: 'recorded', state };
    const decision = decide(state);
    if (decision.kind === 'answer') return decision;
    const facts = decision.facts.map((fact) => stamp(clock, { ...fact, actor, cause: asked.id }));
    const appended = await ledger.append({
      operation: `request:${asked.id}`,
      writes: [writeTo(at, facts, state.id)],
      fences: {},
      raises: {},
    });
    if (appended.kind === 'readOnly') {
      return {
        kind: 'answer',
        answer: notDone(`${state.name} can't be changed by this version of me: ${appended.reason}.`),
      };
    }
    if (appended.kind !== 'conflict') return { kind: 'recorded', state };
  }
  throw new UnavailableError(`${release} is changing faster than this gets in`, { retryAfterMs: 500 });
}
