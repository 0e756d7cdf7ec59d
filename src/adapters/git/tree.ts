import type { ObjectReader } from './object-reader.ts';

/** What stands at a path of a commit. */
export type Entry =
  | { kind: 'file'; id: string; mode: '100644' | '100755' }
  | { kind: 'absent' }
  /** A directory, a symbolic link, a submodule, or something that is no directory on the way. */
  | { kind: 'other'; what: string };

/** Follows a path from a commit's tree down, object by object; trees are shared by commits, so most are in memory. */
export async function findEntry(objects: ObjectReader, commit: string, path: string): Promise<Entry> {
  const steps = path.split('/');
  let tree = await objects.need(`${commit}^{tree}`);
  for (const [index, step] of steps.entries()) {
    const entry = entriesOf(tree.body, tree.id.length / 2).get(step);
    if (entry === undefined) return { kind: 'absent' };
    if (index === steps.length - 1) return describe(entry);
    if (entry.mode !== DIRECTORY)
      return { kind: 'other', what: `${steps.slice(0, index + 1).join('/')} is no directory` };
    tree = await objects.need(entry.id);
  }
  return { kind: 'absent' };
}

/** Names of the files directly in a folder of a commit, sorted; none when it is no folder. */
export async function filesIn(objects: ObjectReader, commit: string, folder: string): Promise<string[]> {
  let tree = await objects.need(`${commit}^{tree}`);
  for (const step of folder.split('/')) {
    const entry = entriesOf(tree.body, tree.id.length / 2).get(step);
    if (entry?.mode !== DIRECTORY) return [];
    tree = await objects.need(entry.id);
  }
  return [...entriesOf(tree.body, tree.id.length / 2)]
    .filter(([, entry]) => describe(entry).kind === 'file')
    .map(([name]) => name)
    .sort();
}

const DIRECTORY = '40000';

/** Source: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects#_tree_objects */
const KINDS: Record<string, string> = {
  [DIRECTORY]: 'a directory',
  120000: 'a symbolic link',
  160000: 'a submodule',
};

interface TreeEntry {
  mode: string;
  id: string;
}

function describe({ mode, id }: TreeEntry): Entry {
  if (mode === '100644' || mode === '100755') return { kind: 'file', id, mode };
  return { kind: 'other', what: `it is ${KINDS[mode] ?? `of the mode ${mode}`}` };
}

/** `<mode> <name>\0<id>`, again and again; an id has 20 bytes, or 32 in a repository of SHA-256. */
function entriesOf(body: Buffer, idBytes: number): Map<string, TreeEntry> {
  const entries = new Map<string, TreeEntry>();
  for (let at = 0; at < body.length; ) {
    const space = body.indexOf(0x20, at);
    const end = body.indexOf(0, space);
    const id = body.toString('hex', end + 1, end + 1 + idBytes);
    entries.set(body.toString('utf8', space + 1, end), { mode: body.toString('utf8', at, space), id });
    at = end + 1 + idBytes;
  }
  return entries;
}
