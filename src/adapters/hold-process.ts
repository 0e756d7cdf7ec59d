import type { ChildProcess } from 'node:child_process';

/**
 * Whether a child process keeps this one from exiting, with its pipes: who waits for its `close` waits for them too, and would
 * wait for ever where nothing else is left to do.
 */
export function holdProcess(child: ChildProcess, isHeld: boolean): void {
  const act = isHeld ? 'ref' : 'unref';
  child[act]();
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    const pipe = stream as { ref?: () => void; unref?: () => void } | null;
    pipe?.[act]?.();
  }
}
