import { TerminalError } from '../../errors.ts';
import type { BranchView } from '../../ports/git.ts';
import type { ObjectReader } from './object-reader.ts';
import { filesIn, findEntry } from './tree.ts';

/** A branch as it is at a commit, read when it is asked for. */
export function branchView(objects: ObjectReader, commit: string): BranchView {
  return {
    commit,
    async read(path) {
      const entry = await findEntry(objects, commit, path);
      return entry.kind === 'file' ? readText(objects, entry.id, path) : undefined;
    },
    async list(folder) {
      return (await filesIn(objects, commit, folder)).map((name) => `${folder}/${name}`);
    },
  };
}

/** The text of a file. Throws `TerminalError` for what is not UTF-8: writing it back would change it. */
export async function readText(objects: ObjectReader, id: string, path: string): Promise<string> {
  const { body } = await objects.need(id);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch (cause) {
    throw new TerminalError(`Reading ${path}: it is not text in UTF-8`, { cause });
  }
}
