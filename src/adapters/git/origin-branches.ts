import { UnavailableError } from '../../errors.ts';
import { type CloneRunner, type CloneSource, outputOf } from './clone-runner.ts';
import { coalesce } from './coalesce.ts';
import type { ObjectReader } from './object-reader.ts';

/** What is known of the branches of a clone's origin. */
export interface OriginBranches {
  /** Where a branch stood when it was last seen or moved; absent when it was not, or did not exist. */
  lastSeen(branch: string): string | undefined;
  moved(branch: string, commit: string): void;
  /** Makes references of what was last seen, so that packing keeps it: a landed push leaves none. */
  keep(): Promise<void>;
  /** Asks the origin now; absent when the branch does not exist. Throws when the origin cannot be reached or refuses. */
  fetch(branch: string): Promise<string | undefined>;
}

export interface OriginOptions {
  source: CloneSource;
  git: CloneRunner;
  objects: ObjectReader;
  /** How long a fetch may take, in milliseconds; the first one brings the whole history. */
  deadlines: { fetchMs: number; firstFetchMs: number };
}

/** Nothing is known yet. */
export function originBranches({ source, git, objects, deadlines }: OriginOptions): OriginBranches {
  const heads = new Map<string, string>();
  const fetch = async (branch: string): Promise<string | undefined> => {
    const act = `Fetching ${branch} of ${source.name}`;
    const ref = trackingRef(branch);
    const run = await git.remote({
      args: [...FETCH, source.url, `+refs/heads/${branch}:${ref}`],
      deadlineMs: heads.size === 0 ? deadlines.firstFetchMs : deadlines.fetchMs,
    });
    if (run.kind === 'exited' && /couldn't find remote ref/.test(run.stderr)) {
      heads.delete(branch);
      return undefined;
    }
    outputOf(run, act);
    const commit = await objects.resolve(ref);
    if (commit === undefined) throw new UnavailableError(`${act}: the local clone does not have it`);
    heads.set(branch, commit);
    return commit;
  };
  return {
    lastSeen: (branch) => heads.get(branch),
    moved: (branch, commit) => void heads.set(branch, commit),
    async keep() {
      const updates = [...heads].map(([branch, commit]) => `update ${trackingRef(branch)} ${commit}\n`);
      const run = {
        args: ['update-ref', '--stdin'],
        input: Buffer.from(updates.join('')),
        deadlineMs: deadlines.fetchMs,
      };
      outputOf(await git.local(run), `Keeping the branches of ${source.name}`);
    },
    fetch: coalesce(fetch),
  };
}

const FETCH = [
  'fetch',
  '--quiet',
  '--no-tags',
  '--no-write-fetch-head',
  '--no-recurse-submodules',
  '--no-show-forced-updates',
  '--end-of-options',
];

/** Flat, so that a branch `a` that was removed is never in the way of a branch `a/b`. */
function trackingRef(branch: string): string {
  return `refs/origin/${branch.replaceAll('/', '%')}`;
}
