import { execFileSync } from 'node:child_process';
import { RUN_PREFIX } from './leftovers.ts';
import { isRunning } from './process-identity.ts';
import { OWNER_ROLE, recordedProcesses } from './process-record.ts';

/** Far more than the command lines and environments of a busy machine. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * The command lines of programs that run for a run whose owner is gone, in whatever way they were started. A program is known by the folder of
 * its run, which every one of them has in its command line or its environment. Empty is as it should be.
 */
export function ownerlessProcesses(): string[] {
  const printed = execFileSync('ps', ['axeww', '-o', 'pid=,command='], {
    encoding: 'utf8',
    maxBuffer: MOST_BYTES,
  });
  const inRun = new RegExp(`/\\S*/${RUN_PREFIX}[A-Za-z0-9]+`);
  return printed.split('\n').filter((line) => {
    const directory = inRun.exec(line)?.[0];
    return directory !== undefined && !hasOwner(directory);
  });
}

function hasOwner(directory: string): boolean {
  return recordedProcesses(directory).some((one) => one.role === OWNER_ROLE && isRunning(one));
}
