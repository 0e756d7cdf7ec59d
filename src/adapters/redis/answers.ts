import { z } from 'zod';
import { PersonId } from '../../domain/ids.ts';
import { Told } from '../../domain/told.ts';
import type { Answers } from '../../ports/answers.ts';
import { keyPrefix } from './keys.ts';
import { results } from './script.ts';
import type { Store } from './store.ts';

/** Twice as long as the inbox knows an identity: as long as something is not done again, its answer can be fetched. */
const KEPT_MS = 48 * 3600 * 1000;

const Ticket = z.strictObject({ person: PersonId, asked: z.string() });

/** Answers in Redis. */
export function createAnswers({ store, installation }: { store: Store; installation: string }): Answers {
  const prefix = `${keyPrefix(installation)}:answer:`;
  const ticketKey = (id: string) => `${prefix}ticket:${id}`;
  const toldKey = (id: string) => `${prefix}told:${id}`;
  return {
    async expect(id, ticket) {
      const [, standing] = await store.run('note who asks', async (redis) =>
        results(
          await redis
            .multi()
            .set(ticketKey(id), JSON.stringify(ticket), 'PX', KEPT_MS, 'NX')
            .get(ticketKey(id))
            .exec(),
        ),
      );
      return Ticket.parse(JSON.parse(z.string().parse(standing)));
    },
    async ticket(id) {
      const json = await store.run('read who asked', (redis) => redis.get(ticketKey(id)));
      return json === null ? undefined : Ticket.parse(JSON.parse(json));
    },
    async put(id, told) {
      await store.run('keep an answer', async (redis) =>
        results(
          await redis
            .multi()
            .set(toldKey(id), JSON.stringify(told), 'PX', KEPT_MS)
            .pexpire(ticketKey(id), KEPT_MS)
            .exec(),
        ),
      );
    },
    async get(id) {
      const json = await store.run('read an answer', (redis) => redis.get(toldKey(id)));
      return json === null ? undefined : Told.parse(JSON.parse(json));
    },
  };
}
