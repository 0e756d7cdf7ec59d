import { z } from 'zod';
import { parseImageReference } from '../../domain/content/image-reference.ts';
import { asksFor, type Content } from '../../domain/content.ts';
import { type Asked, asOf, isSettled } from '../../domain/observe/see-change.ts';
import type { RolloutView } from '../../domain/rollout/rollout-view.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Observed } from './observed.ts';

/** What a service was when it rested last. */
export const Rest = z.object({
  images: z.record(z.string(), z.string()),
  /** Repository to the commit that was its head when it was looked at. */
  heads: z.record(z.string(), z.string()),
});
export type Rest = z.infer<typeof Rest>;

/** A service that nobody changed for this long is found at rest anew. */
const KEEP_MS = 90 * 24 * 3600 * 1000;

/** As it was kept; where that was lost, as trusted content and cluster tell it together. */
export async function restOf(
  { scratch }: Pick<Ports, 'scratch'>,
  observed: Observed,
  { views, known }: { views: readonly RolloutView[]; known: Content },
): Promise<Rest> {
  const kept = Rest.safeParse(await scratch.get(keyOf(observed)));
  return kept.success ? kept.data : { images: restedImages(views, known), heads: {} };
}

export async function keepRest(
  { scratch }: Pick<Ports, 'scratch'>,
  observed: Observed,
  rest: Rest,
): Promise<void> {
  await scratch.put(keyOf(observed), rest, KEEP_MS);
}

/** Templates that pin digests are compared with what is trusted: what was done while nobody looked is seen as well. */
function restedImages([view]: readonly RolloutView[], known: Content): Asked {
  const trusted = Object.fromEntries(
    Object.entries(known.images).map(([name, { repository, digest }]) => [name, `${repository}@${digest}`]),
  );
  if (view === undefined || asksFor(view.images, known)) return trusted;
  const isPinned = Object.keys(trusted).every(
    (name) => parseImageReference(view.images[name] ?? '').digest !== undefined,
  );
  if (isPinned) return trusted;
  const stable = view.replicaSets.find(({ podHash }) => podHash === view.stablePodHash);
  return asOf(isSettled(view) ? view : (stable ?? view), trusted);
}

function keyOf({ environment, service }: Observed): string {
  return `rested:${environment.name}/${service}`;
}
