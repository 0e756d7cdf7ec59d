import type { Patience } from '../../../src/ports/patience.ts';
import type { Scheduler } from './memory-bells.ts';

/** Waits in virtual time: what never ends is late as soon as the time has run that far. */
export function createMemoryPatience(time: Pick<Scheduler, 'at' | 'now'>): Patience {
  return {
    within: (ms, work) =>
      new Promise((resolve, reject) => {
        time.at(time.now() + ms, () => resolve({ kind: 'late' }));
        work.then((value) => resolve({ kind: 'done', value }), reject);
      }),
  };
}
