import { existsSync } from 'node:fs';
import { TerminalError, UnavailableError } from '../../errors.ts';
import { type Credential, gitEnvironment, secretsOf } from './git-environment.ts';
import { firstFatal, refusalOfAccess } from './push-outcome.ts';
import { type GitRun, runGit } from './run-git.ts';

/** Where a clone is, whose it is, and how its origin is reached. */
export interface CloneSource {
  /** A folder for this clone alone, of this process alone. */
  dir: string;
  /** What messages call the repository. */
  name: string;
  /** Without a credential in it. */
  url: string;
  /** Asked before each contact, so that short-lived tokens stay fresh; absent: the origin asks for none. */
  credential?: (() => Promise<Credential>) | undefined;
  protocols: readonly string[];
  environment: Readonly<Record<string, string>>;
  /** Aborted when this program ends: no git of ours outlives it. */
  closing: AbortSignal;
}

/** One run of git in a clone. */
export interface CloneRun {
  args: readonly string[];
  deadlineMs: number;
  input?: Buffer;
  signal?: AbortSignal;
}

/** Runs git in a clone, and remembers whether it complained about its disk. */
export interface CloneRunner {
  /** Without the network and without the credential. */
  local(run: CloneRun): Promise<GitRun>;
  /** With both. */
  remote(run: CloneRun): Promise<GitRun>;
  isDamaged(): boolean;
  /** The environment of a program that only reads the clone. */
  env: Readonly<Record<string, string>>;
}

/** What git says about a broken disk, or about what a kill left half-written: a lock that nobody holds is one of these. */
const DAMAGE = new RegExp(
  [
    'bad object',
    'is corrupt',
    'corrupt loose object',
    'object file .* is empty',
    'unable to read (tree|sha1 file)',
    'not a git repository \\(or',
    'not a git repository:',
    'missing blob',
    'missing necessary objects',
    'invalid sha1 pointer',
    "\\.lock': File exists",
    'inflate: data stream error',
    'did not send all necessary objects',
  ].join('|'),
  'i',
);

/** Makes the runner; nothing is started yet. */
export function cloneRunner(source: CloneSource): CloneRunner {
  const environment = (credential?: Credential) =>
    gitEnvironment({ base: source.environment, protocols: source.protocols, url: source.url, credential });
  const env = environment();
  let isDamaged = false;
  const run = async (how: CloneRun, credential?: Credential): Promise<GitRun> => {
    if (!existsSync(source.dir)) {
      isDamaged = true;
      throw new UnavailableError(`The clone of ${source.name} is gone from the disk`);
    }
    const ending = await runGit({
      ...how,
      signal: how.signal ? AbortSignal.any([how.signal, source.closing]) : source.closing,
      dir: source.dir,
      env: credential ? environment(credential) : env,
      secrets: secretsOf(credential),
    });
    if (ending.kind === 'exited' && ending.code !== 0 && DAMAGE.test(ending.stderr)) isDamaged = true;
    return ending;
  };
  return {
    env,
    local: (how) => run(how),
    remote: async (how) => run(how, await source.credential?.()),
    isDamaged: () => isDamaged,
  };
}

/** What a program printed. Throws what a run that did not succeed means to whoever asked for `act`. */
export function outputOf(run: GitRun, act: string): Buffer {
  if (run.kind === 'exited' && run.code === 0) return run.stdout;
  if (run.kind === 'ended') {
    const why = run.why === 'deadline' ? 'the Git server did not answer in time' : 'it was given up';
    throw new UnavailableError(`${act}: ${why}`);
  }
  const refusal = refusalOfAccess(run.stderr);
  if (refusal !== undefined) throw new TerminalError(`${act}: ${refusal}`);
  throw new UnavailableError(`${act}: ${firstFatal(run.stderr)}`);
}
