import type { Logger } from 'pino';
import type { CloneShelf } from './clone-shelf.ts';
import type { WithRepository } from './turns.ts';

/** Commits between two looks at whether the clone needs packing: about 2000 loose objects. */
const TIDY_EVERY = 500;

/** Packs the clone now and then, after the answer and in a turn of its own that recovery may end. */
export function tidying(
  repository: string,
  { shelf, inProcess, log }: { shelf: CloneShelf; inProcess: WithRepository; log: Pick<Logger, 'warn'> },
): () => void {
  let landed = 0;
  return () => {
    landed += 1;
    if (landed % TIDY_EVERY !== 0) return;
    inProcess({ repository, urgent: false }, (signal) => shelf.with(({ clone }) => clone.tidy(signal))).catch(
      (err) => log.warn({ repository, err }, 'the local clone could not be tidied'),
    );
  };
}
