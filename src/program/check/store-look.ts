import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { findProgram, REDIS } from '../../adapters/programs/find-program.ts';
import { checkRedis } from '../../adapters/redis/check-redis.ts';
import { connectStore } from '../../adapters/redis/store.ts';
import { UnavailableError } from '../../errors.ts';
import { type Finding, fault, type Look, ok, warning } from './finding.ts';

interface StoreParts {
  /** Absent: one is started on this machine. */
  url: string | undefined;
  /** The PATH variable. */
  path: string;
}

/** Redis is there and keeps what it is given; or one can be started here. */
export function storeLook(parts: StoreParts): Look {
  return {
    area: 'Redis',
    about: 'Redis',
    fix: 'See that REDIS_URL is right, user and password too, and that this machine reaches it.',
    look: () => (parts.url === undefined ? ownFindings(parts) : givenFindings(parts.url)),
  };
}

async function givenFindings(url: string): Promise<Finding[]> {
  // What connecting fails with is only ever told to the log: a wrong password, a certificate, nobody there.
  let reason = '';
  const store = connectStore(url, {
    warn(facts: unknown) {
      reason = Trouble.parse(facts).reason;
    },
  });
  try {
    const { version, faults, appendfsync, mayLose } = await checkRedis(store);
    return [
      ok(`Redis ${version} answers`),
      ...faults.map((says) => fault(says)),
      // Switched off it is a fault already.
      ...(appendfsync === 'always' ? [ok(mayLose)] : appendfsync === 'off' ? [] : [warning(mayLose)]),
    ];
  } catch (error) {
    if (reason === '' || !(error instanceof UnavailableError)) throw error;
    throw new UnavailableError(reason, { cause: error });
  } finally {
    await store.close();
  }
}

const Trouble = z.looseObject({ reason: z.string().default('') });

async function ownFindings({ path }: StoreParts): Promise<Finding[]> {
  const program = await findProgram(REDIS, {
    path,
    cacheDirectory: join(homedir(), '.cache', 'signalbox', 'programs'),
  });
  if (program !== undefined)
    return [ok(`REDIS_URL is not set: ${program.command} is started on this machine`)];
  const fix = 'Install redis-server or valkey-server with your package manager, or set REDIS_URL.';
  return [fault('REDIS_URL is not set, and there is no Redis on this machine', fix)];
}
