import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endLeftovers, RUN_PREFIX } from './leftovers.ts';
import { ownerlessProcesses } from './ownerless.ts';
import { identifyProcess, isRunning, type ProcessIdentity } from './process-identity.ts';
import { recordedProcesses } from './process-record.ts';
import { openRunDirectory } from './run-directory.ts';
import { waitUntil } from './wait-until.ts';

let root: string;
const owners: ChildProcess[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cluster-ending-'));
});

afterEach(async () => {
  for (const owner of owners.splice(0)) await killed(owner);
  // The watchdogs are at it as well; a run is over when its folder is gone.
  await waitUntil(async () => (await endLeftovers(root)).length === 0 && (await readdir(root)).length === 0, {
    what: 'nothing of the test to be left',
  });
  await rm(root, { recursive: true, force: true });
});

async function killed(owner: ChildProcess): Promise<void> {
  if (owner.exitCode !== null || owner.signalCode !== null) return;
  const gone = once(owner, 'exit');
  owner.kill('SIGKILL');
  await gone;
}

/** A run of another process: a program that has started one of its own and ignores SIGTERM. The owner does `whenTold` when something is written to it. */
interface ForeignRun {
  readonly owner: ChildProcess;
  readonly directory: string;
  /** Owner, watchdog, program. */
  readonly processes: readonly (ProcessIdentity & { role: string })[];
  /** What the program started. */
  readonly grandchild: ProcessIdentity;
}

async function startForeignRun(whenTold = ''): Promise<ForeignRun> {
  const module = new URL('run-directory.ts', import.meta.url).pathname;
  const script = `
    import { openRunDirectory } from ${JSON.stringify(module)};
    const run = await openRunDirectory(${JSON.stringify(root)});
    const args = ['-c', "trap '' TERM; sleep 600 & echo $!; wait; wait"];
    await run.start({ name: 'stubborn', file: '/bin/sh', args, ready: (printed) => printed.includes('\\n') });
    process.stdout.write(run.path + '\\n');
    process.stdin.once('data', () => { process.stdin.destroy(); ${whenTold}; });
  `;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  owners.push(owner);
  const [directory] = await once(createInterface(owner.stdout), 'line');
  const grandchildPid = Number((await readFile(join(directory, 'logs', 'stubborn.log'), 'utf8')).trim());
  const grandchild = identifyProcess(grandchildPid);
  if (grandchild === undefined) throw new Error(`process ${grandchildPid} does not run`);
  return { owner, directory, processes: recordedProcesses(directory), grandchild };
}

async function expectNothingLeft({ processes, grandchild, directory }: ForeignRun): Promise<void> {
  const left = (): string[] => [
    ...processes.filter(isRunning).map(({ role }) => role),
    ...(isRunning(grandchild) ? ['what the program started'] : []),
    ...(existsSync(directory) ? ['the folder'] : []),
  ];
  await waitUntil(() => left().length === 0, {
    what: () => `the end of ${left().join(', ')}`,
    deadlineMs: 10_000,
  });
}

function pidOf(run: ForeignRun, role: string): number {
  return run.processes.find((process) => process.role === role)?.pid ?? Number.NaN;
}

describe('the end of a run', () => {
  it.each(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'leaves nothing when its owner gets %s',
    async (signal) => {
      const run = await startForeignRun();
      expect(run.processes.map(({ role }) => role)).toEqual(['owner', 'watchdog', 'stubborn']);
      run.owner.kill(signal);
      await expectNothingLeft(run);
    },
  );

  it.each([
    ['ends without closing it', ''],
    ['dies of an exception', 'throw new Error("as intended")'],
  ])('leaves nothing when its owner %s', async (_how, whenTold) => {
    const run = await startForeignRun(whenTold);
    run.owner.stdin?.write('now');
    await expectNothingLeft(run);
  });

  it('leaves nothing after close, which may be said twice', async () => {
    const run = await openRunDirectory(root);
    const program = await run.start({ name: 'sleep', file: 'sleep', args: ['600'], ready: () => true });
    program.freeze();
    const processes = recordedProcesses(run.path).filter(({ role }) => role !== 'owner');
    expect(processes.filter(isRunning).map(({ role }) => role)).toEqual(['watchdog', 'sleep']);
    await Promise.all([run.close(), run.close()]);
    expect(processes.filter(isRunning)).toEqual([]);
    expect(existsSync(run.path)).toBe(false);
  });
});

describe('the left-overs of an earlier run', () => {
  it('are ended at the next start when the watchdog was killed too', async () => {
    const run = await startForeignRun();
    process.kill(pidOf(run, 'watchdog'), 'SIGKILL');
    run.owner.kill('SIGKILL');
    const isProgram = ({ role }: { role: string }): boolean => role === 'stubborn';
    await waitUntil(() => run.processes.filter(isRunning).every(isProgram), {
      what: 'the owner and the watchdog to end',
    });
    const [line] = await endLeftovers(root);
    expect(line).toBe(`ended what an earlier run left in ${run.directory}: stubborn`);
    await expectNothingLeft(run);
  });

  it('are not those of a run whose owner still works', async () => {
    const run = await startForeignRun();
    expect(await endLeftovers(root)).toEqual([]);
    expect(run.processes.every(isRunning)).toBe(true);
  });

  it('are found among all processes of the machine, those of a run with an owner are not', async () => {
    const run = await startForeignRun();
    const ofRun = (): string[] => ownerlessProcesses().filter((line) => line.includes(run.directory));
    expect(ofRun()).toEqual([]);
    process.kill(pidOf(run, 'watchdog'), 'SIGKILL');
    run.owner.kill('SIGKILL');
    await waitUntil(() => ofRun().length > 0, { what: 'the program without an owner to be found' });
    await endLeftovers(root);
    expect(ofRun()).toEqual([]);
  });

  it('are never a process that only has the number of one of theirs', async () => {
    const directory = join(root, `${RUN_PREFIX}crashed`);
    await mkdir(directory);
    const bystander = spawn('sleep', ['600'], { detached: true });
    owners.push(bystander);
    await once(bystander, 'spawn');
    const reused = { role: 'etcd', pid: bystander.pid, startedAt: 'before the machine was started' };
    await writeFile(join(directory, 'processes.jsonl'), `${JSON.stringify(reused)}\n{"role":"kwok","pi`);
    expect(await endLeftovers(root)).toEqual([`ended what an earlier run left in ${directory}: only files`]);
    expect(bystander.exitCode ?? bystander.signalCode).toBeNull();
    expect(existsSync(directory)).toBe(false);
  });

  it('are a folder without a record only when it is too old to get one', async () => {
    const directory = join(root, `${RUN_PREFIX}new`);
    await mkdir(directory);
    expect(await endLeftovers(root)).toEqual([]);
    await utimes(directory, new Date(0), new Date(0));
    expect(await endLeftovers(root)).toHaveLength(1);
    expect(existsSync(directory)).toBe(false);
  });
});

describe('stopping one program', () => {
  const printsPid = (printed: string): boolean => printed.includes('\n');
  const printedPid = async (logFile: string): Promise<ProcessIdentity | undefined> =>
    identifyProcess(Number((await readFile(logFile, 'utf8')).trim()));

  it('ends what it started too, and it can be started again', async () => {
    await using run = await openRunDirectory(root);
    const args = ['-c', "(trap '' TERM; exec sleep 600) & echo $!; wait"];
    const program = await run.start({ name: 'parent', file: '/bin/sh', args, ready: printsPid });
    const started = await printedPid(program.logFile);
    expect(started && isRunning(started)).toBe(true);
    await program.stop();
    expect(program.pid).toBeUndefined();
    await waitUntil(() => started && !isRunning(started), { what: 'the end of what it started' });
    await program.start();
    expect(program.pid).toBeGreaterThan(0);
  });

  it('does not wait for ever for one that ignores it', async () => {
    await using run = await openRunDirectory(root);
    const args = ['-c', "trap '' TERM; echo $$; while :; do sleep 1; done"];
    const program = await run.start({ name: 'deaf', file: '/bin/sh', args, ready: printsPid });
    const identity = await printedPid(program.logFile);
    await program.stop();
    expect(identity && isRunning(identity)).toBe(false);
  });
});

describe('a program that cannot do its work', () => {
  it('is reported with its last words', async () => {
    await using run = await openRunDirectory(root);
    const args = ['-c', 'echo no such flag >&2; exit 3'];
    const start = run.start({ name: 'broken', file: '/bin/sh', args, ready: () => false });
    await expect(start).rejects.toThrow(
      /broken ended with exit code 3 before it was ready; .*\nno such flag$/s,
    );
    const absent = run.start({ name: 'absent', file: '/nowhere/etcd', args: [], ready: () => true });
    await expect(absent).rejects.toThrow('could not start absent (/nowhere/etcd)');
  });
});
