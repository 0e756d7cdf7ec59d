import type { AcceptedRequest } from '../../../src/domain/request.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Inbox } from '../../../src/ports/inbox.ts';

/** As the real inbox: a day. */
const REMEMBERED_MS = 24 * 3600 * 1000;

/** The in-memory twin of the inbox. */
export function createMemoryInbox({ clock }: { clock: Clock }): Inbox {
  // As JSON, which is how they lie in Redis.
  const requests = new Map<string, { json: string; at: number }>();
  const seenUntil = new Map<string, number>();
  return {
    async accept(request) {
      const { id } = request;
      if (requests.has(id) || (seenUntil.get(id) ?? 0) > clock.now()) return 'repeated';
      requests.set(id, { json: JSON.stringify(request), at: Date.parse(request.receivedAt) });
      seenUntil.set(id, clock.now() + REMEMBERED_MS);
      return 'accepted';
    },
    async take(id) {
      const found = requests.get(id);
      return found && (JSON.parse(found.json) as AcceptedRequest);
    },
    async finish(id) {
      requests.delete(id);
      seenUntil.set(id, clock.now() + REMEMBERED_MS);
    },
    async waiting(before) {
      return [...requests]
        .filter(([, { at }]) => at < before)
        .sort(([, a], [, b]) => a.at - b.at)
        .map(([id]) => id);
    },
  };
}
