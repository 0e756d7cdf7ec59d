import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Line, layLine } from '../journeys/line.ts';
import { startTestRedis, type TestRedis } from '../servers/redis.ts';
import { waitUntil } from '../servers/wait.ts';
import { type Installation, startInstallation } from './installation.ts';
import { type RunningProgram, runProgram } from './run-program.ts';

/** What the program promises, and what its process takes to start and end on a machine with other work. */
const ENDS_WITHIN_MS = 5_000 + 500;

let installation: Installation;
let redis: TestRedis;
let line: Line;
beforeAll(async () => {
  [installation, redis] = await Promise.all([startInstallation(), startTestRedis()]);
  line = await layLine(redis.url);
});
afterAll(async () => {
  await line?.[Symbol.asyncDispose]();
  await Promise.all([redis?.stop(), installation?.[Symbol.asyncDispose]()]);
});

function start(): RunningProgram {
  const env = { ...installation.env, REDIS_URL: `redis://127.0.0.1:${line.port}` };
  return runProgram(['--config', installation.config], env);
}

/** Asks it to end; gives the code, and how long it took in milliseconds. Throws when it does not. */
async function end(program: RunningProgram): Promise<{ code: number | null; tookMs: number }> {
  const asked = performance.now();
  program.signal('SIGTERM');
  const code = await program.endsWithin(2 * ENDS_WITHIN_MS);
  return { code, tookMs: performance.now() - asked };
}

/** Each case starts programs, and the machine may have other work. */
const TEST_MS = 60_000;

describe('a program that is asked to end', { timeout: TEST_MS }, () => {
  it('does so in time when Redis is away', async () => {
    await using program = start();
    await program.says('ready');
    line.cut();
    const { code, tookMs } = await end(program);
    line.mend();
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(ENDS_WITHIN_MS);
    expect(program.lines().at(-1)).toMatchObject({ msg: 'stopped' });
  });

  it('starts by itself when Redis comes later, and ends in time when Redis hangs', async () => {
    line.cut();
    await using program = start();
    await program.says('could not start yet, trying again');
    expect(program.lines().some(({ msg }) => msg === 'ready')).toBe(false);
    line.mend();
    await program.says('ready');
    const pages = Number(program.lines().find(({ msg }) => msg === 'ready')?.['pagesPort']);
    await waitUntil(async () => (await fetch(`http://127.0.0.1:${pages}/readyz`)).ok, { what: 'ready' });
    line.freeze();
    const { code, tookMs } = await end(program);
    line.mend();
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(ENDS_WITHIN_MS);
  });

  it('does so at once when it has not started yet', async () => {
    line.cut();
    await using program = start();
    await program.says('could not start yet, trying again');
    const { code, tookMs } = await end(program);
    line.mend();
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(1_000);
  });
});
