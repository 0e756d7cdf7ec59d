import { rm } from 'node:fs/promises';
import { endRecordedProcesses } from './process-record.ts';

/**
 * Waits for the end of its standard input, which is a pipe from the process that started the run, then ends everything of that run and removes its
 * folder. The kernel closes the pipe however its owner ends: normally, by Ctrl-C, by a crash or by SIGKILL. So nothing needs a signal handler.
 */
async function main(directory: string): Promise<void> {
  for await (const _ of process.stdin) {
    // Nobody writes; only the end counts.
  }
  await endRecordedProcesses(directory);
  await rm(directory, { recursive: true, force: true });
}

const [directory] = process.argv.slice(2);
if (directory === undefined) throw new Error('usage: node watchdog.ts <folder of the run>');
await main(directory);
