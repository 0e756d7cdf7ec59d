import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { UnavailableError } from '../../errors.ts';
import { RING_DEADLINE_MS } from './connections.ts';
import type { RingJob } from './ring-job.ts';
import { QUEUES, type QueueName, queueOf, subjectOf } from './subject.ts';
import { within } from './within.ts';

/** Where rings wait in Redis. */
export interface RingQueues {
  /**
   * Adds a ring, unless one for the same subject waits already; one that is being answered is answered once more afterwards. Throws
   * `UnavailableError` in time when Redis does not take it.
   */
  add(ring: RingJob): Promise<void>;
  /** Sends a job that says nothing through a queue. Never throws. */
  addCanary(queue: QueueName): void;
  /** Returns in time also when Redis is away. */
  close(): Promise<void>;
}

/** Name of the jobs that say nothing. */
export const CANARY = 'canary';

/** With Redis away BullMQ never closes by itself (measured with BullMQ 6.7). */
const CLOSE_DEADLINE_MS = 500;

export function openRingQueues(
  connection: Redis,
  { prefix, log }: { prefix: string; log: Pick<Logger, 'warn'> },
): RingQueues {
  const open = (name: QueueName) => {
    const queue = new Queue<RingJob | null>(name, {
      connection,
      prefix,
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
      // Nobody reads BullMQ's own events.
      streams: { events: { maxLen: 10 } },
    });
    queue.on('error', (error) =>
      log.warn({ reason: error.message, queue: name }, 'a queue has no connection'),
    );
    return queue;
  };
  const queues = { look: open('look'), recovery: open('recovery'), speak: open('speak') };
  return {
    add: (ring) => addRing(queues[queueOf(ring.bell)], ring),
    addCanary(name) {
      queues[name].add(CANARY, null, { deduplication: { id: CANARY } }).catch((error: Error) => {
        log.warn({ reason: error.message, queue: name }, 'no canary could be sent');
      });
    },
    async close() {
      const closing = QUEUES.map((name) => queues[name].close());
      await within(CLOSE_DEADLINE_MS, Promise.allSettled(closing));
    },
  };
}

/**
 * Later rings never come this way: of a delayed and a plain job with one key BullMQ drops the plain one, and of two delayed ones the
 * nearer (`deduplicateJobWithoutReplace` in its scripts).
 */
async function addRing(queue: Queue<RingJob | null>, job: RingJob): Promise<void> {
  const subject = subjectOf(job.bell);
  const adding = queue.add(job.bell.kind, job, { deduplication: { id: subject, keepLastIfActive: true } });
  const added = await within(RING_DEADLINE_MS, adding).catch((error) => {
    throw new UnavailableError(`Redis is away: could not ring for ${subject}.`, {
      cause: error,
      ambiguous: true,
    });
  });
  if (added === 'late') {
    throw new UnavailableError(`Redis does not answer: could not ring for ${subject}.`, { ambiguous: true });
  }
}
