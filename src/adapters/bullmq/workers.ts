import { type Job, Worker } from 'bullmq';
import type { Logger } from 'pino';
import type { BellHandlers } from '../../ports/bells.ts';
import { connectWorker, type WorkerConnection } from './connections.ts';
import type { Lanes } from './lanes.ts';
import { RingJob } from './ring-job.ts';
import { CANARY, type RingQueues } from './ring-queues.ts';
import { KINDS, QUEUES, type QueueName } from './subject.ts';
import { within } from './within.ts';

/** How many looks may be under way at once, for each queue. */
export type Concurrency = Record<QueueName, number>;

/** Those who answer what comes out of the queues. */
export interface Workers {
  canaryAges(): Partial<Record<QueueName, number>>;
  stop(withinMs: number): Promise<void>;
}

interface WorkersOptions {
  url: string;
  prefix: string;
  concurrency: Concurrency;
  served: readonly QueueName[];
  queues: Pick<RingQueues, 'addCanary'>;
  lanes: Lanes;
  /** Names this process in the rings it makes. */
  me: string;
  log: Pick<Logger, 'warn' | 'error'>;
}

/**
 * A killed worker's jobs run again after 1.7 s (measured with BullMQ 6.7; 59.7 s by default). A lock this short is also lost by an event loop that stands
 * still; then another worker looks as well, and finds the lease taken.
 */
const RECOVERY = {
  lockDuration: 2_000,
  stalledInterval: 1_000,
  maxStalledCount: 1_000_000,
  runRetryDelay: 500,
} as const;

/** A worker may stand still and call itself running (taskforcesh/bullmq#4479): only a job that came through shows that it works. */
const CANARY_EVERY_MS = 10_000;

/** Answers what comes out of these queues. */
export function startWorkers(options: WorkersOptions): Workers {
  const { url, served, queues, lanes, log } = options;
  const connection = connectWorker(url, log);
  const begun = new Set<string>();
  const canaries = new Map(served.map((name) => [name, performance.now()]));
  const onCanary = (name: QueueName) => canaries.set(name, performance.now());
  const workers = served.map((name) => startWorker(name, { ...options, connection, begun, onCanary }));
  const sing = () => {
    for (const name of served) queues.addCanary(name);
  };
  sing();
  const singing = setInterval(sing, CANARY_EVERY_MS);
  return {
    canaryAges: () => Object.fromEntries([...canaries].map(([name, at]) => [name, performance.now() - at])),
    async stop(withinMs) {
      clearInterval(singing);
      await stopWorkers({ workers, lanes, connection, begun, withinMs });
    },
  };
}

/**
 * The queues that this process can answer: those with handlers for every kind of bell that may come out of them. What is taken out
 * of a queue is not put back for others.
 */
export function servedQueues(handlers: BellHandlers, concurrency: Concurrency): QueueName[] {
  return QUEUES.filter(
    (name) => concurrency[name] > 0 && KINDS[name].every((kind) => handlers[kind] !== undefined),
  );
}

interface WorkerOptions extends WorkersOptions {
  connection: WorkerConnection;
  begun: Set<string>;
  onCanary(name: QueueName): void;
}

function startWorker(name: QueueName, options: WorkerOptions): Worker {
  const { connection, prefix, concurrency, begun, onCanary, log } = options;
  const answer = async (job: Job) => {
    begun.add(`${name} ${job.id}`);
    if (job.name === CANARY) onCanary(name);
    else await answerJob(job, options);
  };
  const worker = new Worker(name, answer, {
    connection: connection.redis,
    prefix,
    concurrency: concurrency[name],
    ...RECOVERY,
  });
  worker.on('error', (error) =>
    log.warn({ reason: error.message, queue: name }, 'a worker has trouble with Redis'),
  );
  worker.on('completed', (job) => begun.delete(`${name} ${job.id}`));
  worker.on('failed', (job, error) => {
    begun.delete(`${name} ${job?.id}`);
    log.error({ err: error, queue: name, job: job?.id }, 'a job failed');
  });
  return worker;
}

/** A ring of our own was most likely answered when it was made: then its tick is done, and there is nothing left to do. */
async function answerJob(job: Job, { lanes, me, log }: WorkersOptions): Promise<void> {
  const ring = RingJob.safeParse(job.data);
  if (!ring.success) {
    log.error({ job: job.id, name: job.name }, 'a ring of another version was dropped');
    return;
  }
  const { bell, by, tick } = ring.data;
  await lanes.look(bell, by === me ? tick : lanes.nextTick());
}

/** Long enough for Redis to be told what has ended; without Redis it is waited for in vain. */
const ACKNOWLEDGE_MS = 500;

const LOOK_AGAIN_MS = 10;

/**
 * BullMQ's own closing acknowledges what has ended and hangs for ever without Redis; by force it does neither. So what has ended is
 * waited for here, and then everything is closed by force. What has not been acknowledged runs again elsewhere.
 */
async function stopWorkers(work: {
  workers: Worker[];
  lanes: Lanes;
  connection: WorkerConnection;
  /** Jobs begun and not yet acknowledged. */
  begun: ReadonlySet<string>;
  withinMs: number;
}): Promise<void> {
  const { workers, lanes, connection, begun, withinMs } = work;
  await Promise.all(workers.map((worker) => worker.pause(true)));
  const idle = await within(Math.max(0, withinMs - ACKNOWLEDGE_MS), lanes.idle());
  const until = performance.now() + ACKNOWLEDGE_MS;
  while (idle !== 'late' && begun.size > 0 && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
  await within(ACKNOWLEDGE_MS, Promise.allSettled(workers.map((worker) => worker.close(true))));
  connection.end();
}
