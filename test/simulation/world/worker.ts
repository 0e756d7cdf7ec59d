import type { Logger } from 'pino';
import type { Rules } from '../../../src/domain/rules.ts';
import { TerminalError, UnavailableError } from '../../../src/errors.ts';
import { adoptBaseline } from '../../../src/jobs/adopt-baseline.ts';
import { bellForStream } from '../../../src/jobs/bell-for-stream.ts';
import { createCatalogSource } from '../../../src/jobs/cut/catalog-source.ts';
import { ringForPlacements } from '../../../src/jobs/ring-on-change.ts';
import { sweep } from '../../../src/jobs/sweep.ts';
import type { Leases } from '../../../src/ports/lease.ts';
import type { Ports } from '../../../src/ports/ports.ts';
import { handlersFor } from '../../../src/program/handlers.ts';
import type { MemoryBells } from '../ports/memory-bells.ts';
import { createMemoryLeases, type MemoryLeaseState } from '../ports/memory-lease.ts';
import type { Draw } from './draw.ts';
import type { History } from './history.ts';
import { type CallPoint, type Line, openLine, portsOver, type Witness } from './line.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { Weather } from './weather.ts';

/** What all workers of a world share. */
export interface Shared {
  time: VirtualTime;
  draw: Draw;
  weather: Weather;
  history: History;
  /** As the world is, before any line. */
  ports: Ports;
  witness: Witness;
  rules: Rules;
  bells: MemoryBells;
  leases: MemoryLeaseState;
  mayCall(): boolean;
}

/** One process of the program, as far as people can tell. */
export interface Worker {
  name: string;
  ports: Ports;
  isAlive(): boolean;
}

/** As `startHousekeeping` has them. */
const SWEEP_EVERY_MS = 30_000;
const ADOPT_EVERY_MS = 10_000;
const GATHER_MS = 50;

/**
 * Starts a process: the shipped handlers over ports at the end of a line, and the shipped housekeeping. When it dies, everything
 * it was at stops where it is, and `onDeath` is called.
 */
export function startWorker(shared: Shared, name: string, onDeath: () => void): Worker {
  const { time, weather, history, bells, rules } = shared;
  let alive = true;
  const isAlive = () => alive;
  const die = (point: CallPoint): void => {
    if (!alive) return;
    alive = false;
    history.add({ kind: 'crash', at: time.now(), worker: name, ...point });
    bells.noticeCrashes();
    onDeath();
  };
  const line = openLine({ time, weather, mayCall: shared.mayCall, isAlive, die });
  const ports = portsOver(line, shared.ports, shared.witness);
  const catalog = createCatalogSource(ports, rules);
  const log = logInto(shared);
  const handlers = handlersFor(['worker', 'recovery'], { ports, rules, catalog, log });
  bells.addWorker({ handlers, leases: leasesOver(line, { shared, isAlive }), isAlive });
  const worker = { name, ports, isAlive };
  keepHouse(shared, worker, { adopt: () => adoptBaseline(ports, rules, catalog) });
  return worker;
}

/** Leases that are renewed by whoever has heard that they have them, and by nobody else. */
function leasesOver(line: Line, { shared, isAlive }: { shared: Shared; isAlive: () => boolean }): Leases {
  const { leases: state, time: clock } = shared;
  return {
    async take(name, options) {
      let isHeard = false;
      const leases = createMemoryLeases({ state, clock, renews: () => isAlive() && isHeard });
      const taken = await line.call('leases.take', () => leases.take(name, options));
      isHeard = true;
      return taken;
    },
  };
}

/** A logger that keeps only what somebody would have to act on. */
function logInto({ history, time }: Shared): Logger {
  const error = (facts: { err?: unknown }, message: string): void =>
    history.add({ kind: 'defect', at: time.now(), says: `${message}: ${describe(facts.err)}` });
  return { error, warn: () => undefined, info: () => undefined } as unknown as Logger;
}

export function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** The housekeeping of one process; two at once do no harm. */
function keepHouse(shared: Shared, worker: Worker, { adopt }: { adopt: () => Promise<unknown> }): void {
  const { ports } = worker;
  const every = (ms: number, act: () => Promise<unknown>): void => {
    const round = (): void => {
      if (!worker.isAlive()) return;
      act().catch((error: unknown) => complain(shared, error));
      shared.time.at(shared.time.now() + ms, round);
    };
    shared.time.at(shared.time.now() + shared.draw.integer(1, ms), round);
  };
  every(SWEEP_EVERY_MS, () => sweep(ports, (stream) => bellForStream(ports, stream)));
  every(ADOPT_EVERY_MS, adopt);
  ringOnChange(shared, worker);
}

function ringOnChange(shared: Shared, worker: Worker): void {
  let changed = new Set<string>();
  const stop = shared.ports.cluster.onChange((placement) => {
    if (!worker.isAlive()) return stop();
    if (changed.size === 0) {
      shared.time.at(shared.time.now() + GATHER_MS, () => {
        const now = changed;
        changed = new Set();
        if (worker.isAlive())
          ringForPlacements(worker.ports, now).catch((error: unknown) => complain(shared, error));
      });
    }
    changed.add(placement);
  });
}

/** What is away comes back; a refusal was said where it belongs. */
function complain({ history, time }: Shared, error: unknown): void {
  if (error instanceof UnavailableError || error instanceof TerminalError) return;
  history.add({ kind: 'defect', at: time.now(), says: `housekeeping: ${describe(error)}` });
}
