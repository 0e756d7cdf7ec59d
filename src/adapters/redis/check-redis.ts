import type { Store } from './store.ts';

/** How much a Redis can be trusted with. */
export interface RedisStanding {
  version: string;
  /** `unknown`: a managed Redis that does not say. */
  appendfsync: 'always' | 'everysec' | 'no' | 'off' | 'unknown';
  policy: string;
  /** Why it must not be used; empty when it may. Each says what to do. */
  faults: string[];
  /** What it may lose, in one sentence; for the readiness text. */
  mayLose: string;
}

/** The first version whose commands this program uses (`ZRANGE … BYSCORE`, `LMOVE` in BullMQ). */
const OLDEST = [6, 2] as const;

/** Asks Redis how it is set up. Throws `UnavailableError` when it cannot be reached. */
export async function checkRedis(store: Store): Promise<RedisStanding> {
  const info = parseInfo(await store.run('ask Redis how it is set up', (redis) => redis.info()));
  const version = info.get('redis_version') ?? '0';
  const policy = info.get('maxmemory_policy') ?? 'unknown';
  const appendfsync = info.get('aof_enabled') === '1' ? await fsyncOf(store) : 'off';
  return {
    version,
    appendfsync,
    policy,
    faults: faultsOf({ version, policy, appendfsync }),
    mayLose: LOSS[appendfsync],
  };
}

/** Managed Redis refuses `CONFIG`; then only that the file is written is known. */
async function fsyncOf(store: Store): Promise<RedisStanding['appendfsync']> {
  const answer = await store
    .run('read appendfsync', (redis) => redis.config('GET', 'appendfsync'))
    .catch(() => []);
  const [, value] = Array.isArray(answer) ? answer : [];
  return value === 'always' || value === 'everysec' || value === 'no' ? value : 'unknown';
}

function faultsOf({ version, policy, appendfsync }: Omit<RedisStanding, 'faults' | 'mayLose'>): string[] {
  const faults = [];
  if (isOlder(version)) faults.push(`Redis ${version} is too old: ${OLDEST.join('.')} or later is needed.`);
  if (policy !== 'noeviction') {
    faults.push(
      `maxmemory-policy is ${policy}: set it to noeviction, or Redis throws records away when it is full.`,
    );
  }
  if (appendfsync === 'off')
    faults.push('The append-only file is off: set appendonly yes, or a restart loses everything.');
  return faults;
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
}

const LOSS: Record<RedisStanding['appendfsync'], string> = {
  always: 'Redis writes every record to disk before it is acknowledged: nothing is lost.',
  everysec:
    'Redis writes to disk every second: a power cut may lose the last second (set appendfsync always).',
  no: 'Redis leaves writing to the operating system: a power cut may lose about half a minute (set appendfsync always).',
  off: 'Redis keeps everything in memory only: a restart loses everything (set appendonly yes).',
  unknown:
    'Redis does not say how often it writes to disk: a crash may lose the last second or more (set appendfsync always where you can).',
};

function parseInfo(text: string): Map<string, string> {
  return new Map(
    text.split(/\r?\n/).flatMap((line) => {
      const cut = line.indexOf(':');
      return cut > 0 ? [[line.slice(0, cut), line.slice(cut + 1)] as const] : [];
    }),
  );
}
