import { bellsContract } from '../../contracts/bells.ts';
import { startTestRedis } from '../../servers/redis.ts';
import { waitUntil } from '../../servers/wait.ts';
import { startBelfry } from './start-belfry.ts';

/**
 * `near`: the process that rings also answers. `far`: it does not, so that everything goes through Redis to one that does. (Where
 * several answer, a ring that one of them answered at once may be looked at by another as well, which changes nothing.)
 */
for (const place of ['near', 'far'] as const) {
  bellsContract(`in BullMQ, rung from ${place}`, async (handlers) => {
    const redis = await startTestRedis();
    const ringer = startBelfry(redis.url);
    const answerer = place === 'near' ? ringer : startBelfry(redis.url);
    const answering = answerer.answer(handlers);
    return {
      bells: ringer.bells,
      now: () => performance.now(),
      pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      until: (condition) => waitUntil(condition, { what: 'a look' }),
      async close() {
        await answering.stop(3_000);
        await Promise.all([ringer, answerer].map((belfry) => belfry.close()));
        await redis.stop();
      },
    };
  });
}
