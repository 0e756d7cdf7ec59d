import { placementId } from '../domain/catalog/placement.ts';
import type { ReleaseId } from '../domain/ids.ts';
import type { Ports } from '../ports/ports.ts';
import { readRelease } from './read-state.ts';
import { bellFor } from './reconcile-release.ts';

/** Rings for every release under way that has a placement among those that changed. */
export async function ringForPlacements(
  { ledger, bells }: Pick<Ports, 'ledger' | 'bells'>,
  changed: ReadonlySet<string>,
): Promise<void> {
  const open = (await ledger.unfinished()).filter((stream) => stream.startsWith('release:'));
  await Promise.all(
    open.map(async (stream) => {
      const reading = await readRelease(ledger, stream.slice('release:'.length) as ReleaseId);
      const placements = Object.values(reading?.state.plan.services ?? {}).flatMap(
        (service) => service.placements,
      );
      const touched =
        reading?.state.started && placements.some((placement) => changed.has(placementId(placement)));
      if (reading && touched) await bells.ring(bellFor(reading.state));
    }),
  );
}
