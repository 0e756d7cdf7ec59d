import type { ReplyAddress } from '../../../src/domain/request.ts';
import { UnavailableError } from '../../../src/errors.ts';
import type { ClusterEffect } from '../../../src/ports/cluster.ts';
import type { CommitRequest } from '../../../src/ports/git.ts';
import type { Answer } from '../../../src/ports/message.ts';
import type { Ports } from '../../../src/ports/ports.ts';
import type { VirtualTime } from './virtual-time.ts';
import { LATE_MS, LONGEST_WAY_MS, type Part, type Sturdiness, type Weather } from './weather.ts';

/** What lies between a worker and the rest of the world: everything it asks for goes through here. */
export interface Line {
  call<T>(name: string, act: () => Promise<T>, more?: Partial<Sturdiness>): Promise<T>;
}

/** The longest way back of an append, in milliseconds: what lies between a fence that was passed and the act behind it. */
export const FENCE_ANSWER_MS = 40;

/** Where a worker may die: before a call of a port did anything, or after. */
export interface CallPoint {
  call: string;
  when: 'before' | 'after';
}

interface LineOptions {
  /** Called for each call; false when a world has had more of them than anything that comes to rest would make. */
  mayCall(): boolean;
  time: VirtualTime;
  weather: Weather;
  isAlive(): boolean;
  /** `call`: what the worker was at. */
  die(call: CallPoint): void;
}

/** A line that delays, loses, doubles and cuts off what goes through it, as the weather is. A dead worker never hears again. */
export function openLine({ time, weather, mayCall, isAlive, die }: LineOptions): Line {
  /** Absent when there is nothing to wait for, which is nearly always. */
  const way = (ms: number): Promise<void> | undefined => {
    if (ms > 0) return time.wait(ms).then(() => (isAlive() ? undefined : forEver()));
    return isAlive() ? undefined : forEver();
  };
  return {
    async call(name, act, more) {
      if (!isAlive() || !mayCall()) return forEver();
      const course = weather.course(
        more === undefined ? sturdinessOf(name) : { ...sturdinessOf(name), ...more },
      );
      const away = () =>
        new UnavailableError(`${name}: no answer`, { ambiguous: course.upset !== 'refused' });
      if (course.beforeMs > 0) await way(course.beforeMs);
      switch (course.upset) {
        case 'refused':
          throw away();
        case 'crashBefore':
          die({ call: name, when: 'before' });
          return forEver();
        case 'late':
          time.at(time.now() + 1 + (LATE_MS * course.beforeMs) / LONGEST_WAY_MS, () => {
            act().catch(() => undefined);
          });
          throw away();
        case 'twice':
          await act();
          break;
        default:
      }
      const answer = await act();
      if (course.upset === 'crashAfter') die({ call: name, when: 'after' });
      if (course.afterMs > 0 || !isAlive()) await way(course.afterMs);
      if (course.upset === 'lost') throw away();
      return answer;
    },
  };
}

const STURDY: Sturdiness = {
  part: undefined,
  mayBeLate: false,
  mayBeTwice: false,
  longestBackMs: LONGEST_WAY_MS,
};

const PARTS: Readonly<Record<string, Part>> = {
  ledger: 'store',
  inbox: 'store',
  bells: 'store',
  texts: 'store',
  scratch: 'store',
  snapshots: 'store',
  tokens: 'store',
  leases: 'store',
  git: 'git',
  chat: 'chat',
  registry: 'registry',
};

// The same for ever, and asked for at each of the thousands of calls of a world.
const known = new Map<string, Sturdiness>();

function sturdinessOf(name: string): Sturdiness {
  const found = known.get(name) ?? { ...STURDY, part: PARTS[name.slice(0, name.indexOf('.'))] };
  known.set(name, found);
  return found;
}

function forEver(): Promise<never> {
  return new Promise(() => undefined);
}

/** Told what a job asks for when it asks, whatever becomes of it. */
export interface Witness {
  /** A copy of what is asked is handed on, so that each asking is told from the others. */
  asked(what: ClusterEffect | CommitRequest): void;
  replied(address: ReplyAddress, answer: Answer): void;
  /** The job has heard that its request is carried out. */
  finished(request: string): void;
}

/** The ports as a worker has them at the end of its line. What answers from memory stays as it is. */
export function portsOver(line: Line, ports: Ports, witness: Witness): Ports {
  const { ledger, inbox, git, cluster, chat } = ports;
  const asking = <T extends ClusterEffect | CommitRequest>(what: T): T => {
    const own = { ...what };
    witness.asked(own);
    return own;
  };
  return {
    ledger: {
      ...through(line, 'ledger', ledger, ['read', 'unfinished', 'recent', 'since']),
      append: (batch) =>
        line.call('ledger.append', () => ledger.append(batch), {
          mayBeLate: true,
          mayBeTwice: batch.operation !== undefined,
          longestBackMs: FENCE_ANSWER_MS,
        }),
      incarnation: () => ledger.incarnation(),
    },
    inbox: {
      ...through(line, 'inbox', inbox, ['accept', 'take', 'waiting']),
      finish: async (id) => {
        await line.call('inbox.finish', () => inbox.finish(id));
        witness.finished(id);
      },
    },
    bells: { ...ports.bells, ...through(line, 'bells', ports.bells, ['ring']) },
    texts: through(line, 'texts', ports.texts, ['put', 'get', 'erase']),
    scratch: through(line, 'scratch', ports.scratch, ['get', 'put']),
    snapshots: through(line, 'snapshots', ports.snapshots, ['load', 'save']),
    tokens: through(line, 'tokens', ports.tokens, ['issue', 'holder', 'revoke']),
    git: {
      ...through(line, 'git', git, ['view', 'log', 'between']),
      commit: (request) => {
        const own = asking(request);
        return line.call('git.commit', () => git.commit(own), { mayBeLate: true, mayBeTwice: true });
      },
    },
    yaml: ports.yaml,
    cluster: {
      ...through(line, 'cluster', cluster, ['look']),
      perform: (effect, actor) => {
        const own = asking(effect);
        return line.call('cluster.perform', () => cluster.perform(own, actor), { mayBeLate: true });
      },
      observe: (placement) => cluster.observe(placement),
      onChange: (listener) => cluster.onChange(listener),
    },
    metrics: through(line, 'metrics', ports.metrics, ['queryInstant']),
    registry: through(line, 'registry', ports.registry, ['resolve', 'tags']),
    alerts: ports.alerts,
    policy: through(line, 'policy', ports.policy, ['decide']),
    forge: through(line, 'forge', ports.forge, ['checks', 'requiredChecks', 'deployed', 'passed', 'comment']),
    flags: through(line, 'flags', ports.flags, ['read', 'set', 'access']),
    migrations: through(line, 'migrations', ports.migrations, ['history', 'rights']),
    contracts: through(line, 'contracts', ports.contracts, ['schema', 'pacts']),
    chat: {
      ...through(line, 'chat', chat, ['post', 'find', 'whisper', 'createChannel', 'invite']),
      ...through(line, 'chat', chat, ['read', 'permalink', 'publishHome']),
      reply: (address, answer) => {
        witness.replied(address, answer);
        return line.call('chat.reply', () => chat.reply(address, answer));
      },
      edit: (edit) => line.call('chat.edit', () => chat.edit(edit), { mayBeTwice: true }),
    },
    directory: {
      ...through(line, 'directory', ports.directory, ['person', 'members', 'byEmail', 'byLogin']),
      nameOf: (id) => ports.directory.nameOf(id),
    },
    clock: ports.clock,
    chance: ports.chance,
    patience: ports.patience,
  };
}

type Asking = (...args: never[]) => Promise<unknown>;

/** These methods of a port, over the line. */
export function through<P extends object, K extends keyof P & string>(
  line: Line,
  name: string,
  port: P,
  methods: readonly K[],
): Pick<P, K> {
  const over = methods.map((method) => {
    const asking = port[method] as Asking;
    const called = (...args: never[]) => line.call(`${name}.${method}`, () => asking.apply(port, args));
    return [method, called];
  });
  return Object.fromEntries(over) as Pick<P, K>;
}
