import type { ReleaseId } from '../../domain/ids.ts';
import type { ReleaseState } from '../../domain/release/release-state.ts';
import type { Ports } from '../../ports/ports.ts';
import { BOARD } from '../../views/posts.ts';
import { placeOf } from '../say-once.ts';

/** Boards that are linked to: as many as a message shows lines. */
const MOST_LINKS = 15;

/** Where the boards of these releases stand; one that cannot be linked to now is shown without a link. */
export async function boardLinks(
  { chat }: Pick<Ports, 'chat'>,
  { states, wanted }: { states: readonly ReleaseState[]; wanted: readonly ReleaseId[] },
): Promise<(release: ReleaseId) => string | undefined> {
  const shown = [...new Set(wanted)].slice(0, MOST_LINKS);
  const links = await Promise.all(
    shown.map(async (id): Promise<[ReleaseId, string | undefined]> => {
      const place = placeOf(states.find((state) => state.id === id)?.effects[`say/${BOARD}`]);
      // A link is a comfort: nothing is held back for want of one.
      const url = place && (await chat.permalink(place.channel, place.ts).catch(() => undefined));
      return [id, url];
    }),
  );
  const byId = new Map(links);
  return (release) => byId.get(release);
}
