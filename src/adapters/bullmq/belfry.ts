import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Alarms } from '../../ports/alarms.ts';
import type { Bell, BellHandlers, Bells } from '../../ports/bells.ts';
import type { Leases } from '../../ports/lease.ts';
import { createAlarmClock } from './alarm-clock.ts';
import { createAnswer } from './answer-bell.ts';
import { connectProducer } from './connections.ts';
import { createLanes } from './lanes.ts';
import { openRingQueues } from './ring-queues.ts';
import { bellFromText, bellToText, type QueueName, queueOf, subjectOf } from './subject.ts';
import { type Concurrency, servedQueues, startWorkers } from './workers.ts';

interface BelfryOptions {
  /** `redis://`, `rediss://` or the path of a socket. */
  url: string;
  installation: string;
  alarms: Alarms;
  leases: Leases;
  log: Pick<Logger, 'warn' | 'error'>;
}

/** Bells, and those who answer them. */
export interface Belfry {
  bells: Bells;
  /**
   * From now on this process answers these bells: those of others out of the queues, its own at once as well. A queue is left to
   * other processes unless every kind of bell in it has a handler here. May be called once.
   * `concurrency`: looks under way at once, for each queue; 0 leaves a queue to other processes.
   */
  answer(handlers: BellHandlers, concurrency?: Partial<Concurrency>): Answering;
  /** Lets go of Redis. Returns in time also when Redis is away. */
  close(): Promise<void>;
}

/** A process that answers. */
export interface Answering {
  /** Milliseconds since each queue that is answered last carried a canary from end to end to this process, or since it began. */
  canaryAges(): Partial<Record<QueueName, number>>;
  /** Begins no new look and waits for those under way, at most so long; Redis gives the rest to others. */
  stop(withinMs: number): Promise<void>;
}

/** Key prefix of BullMQ's own: the hash tag that all of an installation's keys carry. */
export function queuePrefix(installation: string): string {
  return `{sb:${installation}}:queue`;
}

/**
 * Opens the bells of an installation. Where this process answers a ring, it does so at once: a recovery begins without a hop, and
 * most looks are over before the queue would have heard of them. What takes longer, or is for others, goes into a queue of Redis,
 * where it outlives us.
 */
export function openBelfry(options: BelfryOptions): Belfry {
  const { url, installation, alarms, leases, log } = options;
  const me = randomUUID();
  const connection = connectProducer(url, log);
  const prefix = queuePrefix(installation);
  const queues = openRingQueues(connection, { prefix, log });
  const lanes = createLanes((bell) => answer.answer(bell));
  let handlers: BellHandlers = {};
  /** Whether a ring can be answered at once. */
  let hasRoom = (_queue: QueueName) => false;

  const ringNow = async (bell: Bell): Promise<void> => {
    const tick = lanes.nextTick();
    const add = () => queues.add({ bell, by: me, tick });
    if (!hasRoom(queueOf(bell))) return add();
    insure(lanes.look(bell, tick), () =>
      add().catch((error) => log.warn({ err: error, subject: subjectOf(bell) }, 'a ring is in memory only')),
    );
  };
  const alarmClock = createAlarmClock({ alarms, ring: (text) => ringNow(bellFromText(text)), log });
  const bells: Bells = {
    ring: (bell, { delayMs = 0 } = {}) =>
      delayMs > 0 ? alarmClock.set(bellToText(bell), delayMs) : ringNow(bell),
    expect: (bell) => {
      if (hasRoom(queueOf(bell))) answer.expect(bell);
    },
  };
  const answer = createAnswer({
    handlers: () => handlers,
    leases,
    ringAgain: (bell, delayMs) => alarmClock.setOrKeep(bellToText(bell), delayMs),
    log,
  });

  return {
    bells,
    answer(given, wanted = {}) {
      const concurrency = { ...CONCURRENCY, ...wanted };
      const served = servedQueues(given, concurrency);
      const workers = startWorkers({ url, prefix, concurrency, served, queues, lanes, me, log });
      handlers = given;
      hasRoom = (queue) => served.includes(queue) && lanes.busy(queue) < concurrency[queue];
      alarmClock.start();
      return {
        canaryAges: workers.canaryAges,
        async stop(withinMs) {
          hasRoom = () => false;
          alarmClock.stop();
          await workers.stop(withinMs);
        },
      };
    },
    async close() {
      alarmClock.stop();
      await queues.close();
      connection.disconnect();
    },
  };
}

/** Whoever dies within this of a ring leaves it to the sweep. Queued at once it would hold up, flush by flush, what it asks for. */
const INSURE_AFTER_MS = 100;

function insure(look: Promise<void>, add: () => Promise<void>): void {
  const timer = setTimeout(() => void add(), INSURE_AFTER_MS);
  void look.then(() => clearTimeout(timer));
}

/** Looks mostly wait for others. Recovery's are kept free for it. */
const CONCURRENCY: Concurrency = { look: 32, recovery: 16, speak: 8 };
