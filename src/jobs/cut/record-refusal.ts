import type { Actor } from '../../domain/actor.ts';
import type { EnvironmentName } from '../../domain/ids.ts';
import type { ShownRow } from '../../domain/policy/exemption.ts';
import { refusing } from '../../domain/policy/row.ts';
import { UnavailableError } from '../../errors.ts';
import type { Ports } from '../../ports/ports.ts';
import { readEnvironment } from '../read-state.ts';
import { stamp, writeTo } from '../record.ts';

/** Others may append in the same moment this often before it is tried again later. */
const MAX_TRIES = 20;

/** Records that rules refused a cut, once for each request: what never refuses anything can only be told from what does. */
export async function recordRefusal(
  ports: Pick<Ports, 'ledger' | 'snapshots' | 'clock'>,
  maker: { id: string; actor: Actor },
  { environment, shown }: { environment: EnvironmentName; shown: readonly ShownRow[] },
): Promise<void> {
  const rules = [...new Set(refusing(shown).map(({ rule }) => rule))];
  for (let i = 0; i < MAX_TRIES; i++) {
    const { at } = await readEnvironment(ports, environment);
    const fact = stamp(ports.clock, {
      kind: 'cut.refused',
      actor: maker.actor,
      cause: maker.id,
      data: { rules },
    });
    const appended = await ports.ledger.append({
      // Not the operation of the cut: asked again, the same request may be granted.
      operation: `refused:${maker.id}`,
      writes: [writeTo(at, [fact], environment)],
      fences: {},
      raises: {},
    });
    // A record that this version may not write to is told by everything else that is asked of it.
    if (appended.kind !== 'conflict') return;
  }
  throw new UnavailableError(`${environment} is changing faster than this gets in`, { retryAfterMs: 500 });
}
