import type { StreamId } from '../domain/ids.ts';
import { UnavailableError } from '../errors.ts';
import type { Bell } from '../ports/bells.ts';
import type { Ports } from '../ports/ports.ts';

/** A request younger than this is most likely being carried out. One that a killed process left is older when the next begins. */
const REQUEST_OVERDUE_MS = 1_000;

/**
 * Rings for everything that is not finished, so that a ring that was lost costs half a minute and nothing else. `bellFor` names the
 * bell of an open stream; undefined: nobody looks at it.
 */
export async function sweep(
  {
    ledger,
    inbox,
    bells,
    clock,
  }: Pick<Ports, 'ledger' | 'inbox' | 'clock'> & { bells: Pick<Ports['bells'], 'ring'> },
  bellFor: (stream: StreamId) => Promise<Bell | undefined>,
): Promise<void> {
  const requests = (await inbox.waiting(clock.now() - REQUEST_OVERDUE_MS)).map(
    (id): Bell => ({ kind: 'request', id }),
  );
  const open = await Promise.all((await ledger.unfinished()).map(bellFor));
  const rung = [...requests, ...open.filter((bell) => bell !== undefined)];
  const answers = await Promise.allSettled(rung.map((bell) => bells.ring(bell)));
  const failed = answers.find((answer) => answer.status === 'rejected');
  // The rest were rung all the same, and the next sweep comes soon.
  if (failed) throw new UnavailableError('Not everything could be rung for.', { cause: failed.reason });
}
