import { spawn } from 'node:child_process';
import { UnavailableError } from '../../errors.ts';
import { holdProcess } from '../hold-process.ts';

/** An object of the repository. */
export interface GitObject {
  id: string;
  type: string;
  body: Buffer;
}

/** Reads objects of one bare repository through one program that stays. */
export interface ObjectReader extends AsyncDisposable {
  /** By id, or by a name made of one such as `<id>^{tree}`: what it says never changes. Absent when it is not here. */
  read(id: string): Promise<GitObject | undefined>;
  /** By id, of an object that must be here: without it the clone is broken, and the answer is `UnavailableError`. */
  need(id: string): Promise<GitObject>;
  /** The commit a reference stands at now; absent when there is no such reference. */
  resolve(ref: string): Promise<string | undefined>;
}

/** Bodies kept in memory, in bytes, the least recently used leaving first. GitOps files are small: this is thousands of them. */
const CACHE_BYTES = 32 * 1024 * 1024;

/** How long one object may take, in milliseconds: it comes from a local disk. */
const DEADLINE_MS = 10_000;

export interface ObjectReaderOptions {
  dir: string;
  env: Readonly<Record<string, string>>;
  /** Called when the program gave up by itself or an object is gone: the disk does not hold what it should. */
  onBroken(): void;
}

/** Starts the program on first use, and again after it ended. */
export function readObjects(options: ObjectReaderOptions): ObjectReader {
  const cache = leastRecentlyUsed();
  let program: ReaderProgram | undefined;
  const ask = (name: string) => {
    if (program === undefined || !program.isAlive()) program = startProgram(options);
    return program.read(name);
  };
  const read = async (id: string) => {
    const kept = cache.get(id);
    if (kept) return kept;
    const object = await ask(id);
    if (object) cache.put(id, object);
    return object;
  };
  return {
    read,
    async need(id) {
      const object = await read(id);
      if (object) return object;
      options.onBroken();
      throw new UnavailableError(`Reading from the local clone: ${id} is not there`);
    },
    async resolve(ref) {
      return (await ask(ref))?.id;
    },
    async [Symbol.asyncDispose]() {
      await program?.end();
    },
  };
}

interface ReaderProgram {
  read(name: string): Promise<GitObject | undefined>;
  isAlive(): boolean;
  end(): Promise<void>;
}

interface Waiting {
  resolve(object: GitObject | undefined): void;
  reject(error: Error): void;
}

/** `git cat-file --batch`: a line with a name in, `<id> <type> <size>`, the body and a line break out, in order. */
function startProgram({ dir, env, onBroken }: ObjectReaderOptions): ReaderProgram {
  const child = spawn('git', ['cat-file', '--batch'], { cwd: dir, env, stdio: ['pipe', 'pipe', 'ignore'] });
  const waiting: Waiting[] = [];
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('close', () => resolve());
  });
  void ended.then(() => {
    if (!child.killed) onBroken();
    const error = new UnavailableError('Reading from the local clone: the program ended');
    for (const { reject } of waiting.splice(0)) reject(error);
  });
  child.stdin.on('error', () => child.kill('SIGKILL'));
  child.stdout.on(
    'data',
    objectParser((object) => waiting.shift()?.resolve(object)),
  );
  // An idle reader keeps nobody from exiting; while something is read, the deadline's timer does.
  holdProcess(child, false);

  return {
    isAlive: () =>
      child.pid !== undefined && child.exitCode === null && child.signalCode === null && !child.killed,
    async read(name) {
      const timer = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
      const object = new Promise<GitObject | undefined>((resolve, reject) =>
        waiting.push({ resolve, reject }),
      );
      child.stdin.write(`${name}\n`);
      return object.finally(() => clearTimeout(timer));
    },
    async end() {
      holdProcess(child, true);
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Takes answers out of the pieces in which they arrive. */
function objectParser(receive: (object: GitObject | undefined) => void): (piece: Buffer) => void {
  let pieces: Buffer[] = [];
  let length = 0;
  let wanted = 1;
  return (piece) => {
    pieces.push(piece);
    length += piece.length;
    while (length >= wanted) {
      const all = Buffer.concat(pieces);
      pieces = [all];
      const headEnd = all.indexOf('\n');
      if (headEnd === -1) {
        wanted = length + 1;
        return;
      }
      const [id = '', type = '', size] = all.toString('utf8', 0, headEnd).split(' ');
      const isObject = /^[0-9a-f]{40,64}$/.test(id) && size !== undefined;
      const end = isObject ? headEnd + 1 + Number(size) + 1 : headEnd + 1;
      wanted = end;
      if (length < end) return;
      pieces = [all.subarray(end)];
      length -= end;
      wanted = 1;
      receive(isObject ? { id, type, body: Buffer.from(all.subarray(headEnd + 1, end - 1)) } : undefined);
    }
  };
}

function leastRecentlyUsed() {
  const kept = new Map<string, GitObject>();
  let bytes = 0;
  return {
    get(id: string): GitObject | undefined {
      const object = kept.get(id);
      if (object === undefined) return undefined;
      kept.delete(id);
      kept.set(id, object);
      return object;
    },
    put(id: string, object: GitObject): void {
      if (kept.has(id)) return;
      kept.set(id, object);
      bytes += object.body.length;
      for (const [oldest, { body }] of kept) {
        if (bytes <= CACHE_BYTES) break;
        kept.delete(oldest);
        bytes -= body.length;
      }
    },
  };
}
