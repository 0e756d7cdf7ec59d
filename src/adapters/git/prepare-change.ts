import type { OwnedKey } from '../../domain/content.ts';
import { TerminalError } from '../../errors.ts';
import type { CommitRequest } from '../../ports/git.ts';
import type { Yaml } from '../../ports/yaml.ts';
import { readText } from './branch-view.ts';
import type { ObjectReader } from './object-reader.ts';
import { isFilePath } from './ref-names.ts';
import { findEntry } from './tree.ts';
import type { NewCommit } from './write-commit.ts';

/** What a request comes to on a base. */
export type Change =
  | { kind: 'change'; files: NewCommit['files']; before: OwnedKey[] }
  /** Every file and every key is so already. */
  | { kind: 'same'; before: OwnedKey[] }
  | { kind: 'rejected'; reason: string };

/** What the preparation needs. */
export interface Workshop {
  objects: ObjectReader;
  yaml: Pick<Yaml, 'edit'>;
}

type Wanted = Pick<CommitRequest, 'files' | 'keys'>;

/**
 * Works out the files of a request on a base: whole files as they are given, and keys set in what is there. `before` has the keys as
 * the base has them, in the order of the request.
 */
export async function prepareChange(workshop: Workshop, base: string, wanted: Wanted): Promise<Change> {
  const paths = [
    ...new Set([...wanted.files.map(({ path }) => path), ...wanted.keys.map(({ file }) => file)]),
  ];
  const results = await Promise.all(paths.map((path) => prepareFile(workshop, { base, path, wanted })));
  const rejected = results.find((result) => result.kind === 'rejected');
  if (rejected) return rejected;
  const prepared = results.flatMap((result) => (result.kind === 'file' ? [result] : []));
  const before = wanted.keys.map((key) => {
    const found = prepared.flatMap((file) => file.before).find((one) => isSameKey(one, key));
    return found ?? { ...key, value: null };
  });
  const files = prepared.filter((file) => file.text !== file.was);
  return files.length > 0 ? { kind: 'change', files, before } : { kind: 'same', before };
}

type Prepared =
  | {
      kind: 'file';
      path: string;
      mode: '100644' | '100755';
      was: string | undefined;
      text: string;
      before: OwnedKey[];
    }
  | { kind: 'rejected'; reason: string };

async function prepareFile(
  { objects, yaml }: Workshop,
  { base, path, wanted }: { base: string; path: string; wanted: Wanted },
): Promise<Prepared> {
  if (!isFilePath(path)) return { kind: 'rejected', reason: `${JSON.stringify(path)} is no path of a file` };
  const entry = await findEntry(objects, base, path);
  if (entry.kind === 'other') return { kind: 'rejected', reason: `${path} cannot be written: ${entry.what}` };
  const was = entry.kind === 'file' ? await textOrReason(objects, entry.id, path) : undefined;
  if (typeof was === 'object') return was;
  const whole = wanted.files.findLast((file) => file.path === path)?.text;
  const keys = wanted.keys.filter(({ file }) => file === path);
  const mode = entry.kind === 'file' ? entry.mode : '100644';
  const start = whole ?? was;
  if (start === undefined) return { kind: 'rejected', reason: `there is no file ${path}` };
  if (keys.length === 0) return { kind: 'file', path, mode, was, text: start, before: [] };
  const edited = await yaml.edit(start, keys);
  if (edited.kind === 'edited')
    return { kind: 'file', path, mode, was, text: edited.text, before: edited.before };
  const faults = edited.faults.map(({ message, line }) => `line ${line}: ${message}`).join('; ');
  return { kind: 'rejected', reason: `${path}, ${faults}` };
}

async function textOrReason(objects: ObjectReader, id: string, path: string): Promise<string | Prepared> {
  try {
    return await readText(objects, id, path);
  } catch (error) {
    if (error instanceof TerminalError) return { kind: 'rejected', reason: error.message };
    throw error;
  }
}

function isSameKey(a: OwnedKey, b: OwnedKey): boolean {
  return (
    a.file === b.file &&
    a.path.length === b.path.length &&
    a.path.every((step, index) => step === b.path[index])
  );
}
