import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UnavailableError } from '../../src/errors.ts';
import { identifyProcess, isRunning, ProcessIdentity } from './process-identity.ts';
import { waitUntil } from './wait-until.ts';

/** One process of a run: `owner` is whoever started the run, everything else belongs to it. */
const RecordedProcess = ProcessIdentity.extend({ role: z.string().min(1) });
type RecordedProcess = z.infer<typeof RecordedProcess>;

/** Role of the process that started a run. A run whose owner is gone is a left-over. */
export const OWNER_ROLE = 'owner';

/** A process ends within milliseconds of SIGKILL; one that waits for a disk may take longer. */
const END_DEADLINE_MS = 10_000;

const recordFile = (directory: string): string => join(directory, 'processes.jsonl');

/**
 * Notes a process in the record of a run, before anything else can happen: synchronous, because a crash between starting a process and noting it
 * would leave it running for ever. A process that ended already is not noted.
 */
export function recordProcess(directory: string, { role, pid }: { role: string; pid: number }): void {
  const identity = identifyProcess(pid);
  if (identity !== undefined)
    appendFileSync(recordFile(directory), `${JSON.stringify({ role, ...identity })}\n`);
}

/** Everything that was noted, whether or not it still runs. Empty when there is no record. A line cut short by a crash is passed over. */
export function recordedProcesses(directory: string): RecordedProcess[] {
  return readLines(directory).flatMap((line) => {
    try {
      return [RecordedProcess.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
}

/**
 * Ends, with its whole process group, everything of a run that still runs, its owner and ourselves excepted.
 * Gives back the roles of what it ended. Throws `UnavailableError` when something does not end.
 */
export async function endRecordedProcesses(directory: string): Promise<string[]> {
  const left = (): RecordedProcess[] =>
    recordedProcesses(directory).filter(
      (recorded) => recorded.role !== OWNER_ROLE && recorded.pid !== process.pid && isRunning(recorded),
    );
  const ended = left();
  for (const { pid } of ended) killGroup(pid);
  await waitUntil(() => left().length === 0, {
    what: `the end of ${ended.map(({ role, pid }) => `${role} (${pid})`).join(', ')}`,
    deadlineMs: END_DEADLINE_MS,
    intervalMs: 20,
  });
  return ended.map(({ role }) => role);
}

/** Ends a process and what it started. One that is gone already is as good. */
export function killGroup(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(-pid, signal);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ESRCH') return;
    throw new UnavailableError(`could not send ${signal} to process group ${pid}`, { cause });
  }
}

function readLines(directory: string): string[] {
  try {
    return readFileSync(recordFile(directory), 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}
