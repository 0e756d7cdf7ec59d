import { isFilePath } from '../../../src/adapters/git/ref-names.ts';
import type { OwnedKey } from '../../../src/domain/content.ts';
import type { CommitRequest } from '../../../src/ports/git.ts';
import type { Yaml } from '../../../src/ports/yaml.ts';

export type MemoryChange =
  | { kind: 'change' | 'same'; files: ReadonlyMap<string, string>; before: OwnedKey[] }
  | { kind: 'rejected'; reason: string };

/** The files of a request on a tree, as the adapter works them out on a clone. */
export async function changeFiles(
  tree: ReadonlyMap<string, string>,
  request: Pick<CommitRequest, 'files' | 'keys'>,
  yaml: Pick<Yaml, 'edit'>,
): Promise<MemoryChange> {
  const files = new Map(tree);
  const before = new Map<OwnedKey, OwnedKey>();
  for (const { path, text } of request.files) {
    const reason = obstacle(tree, path);
    if (reason !== undefined) return { kind: 'rejected', reason };
    files.set(path, text);
  }
  for (const file of new Set(request.keys.map((key) => key.file))) {
    const text = files.get(file);
    if (text === undefined)
      return { kind: 'rejected', reason: obstacle(tree, file) ?? `there is no file ${file}` };
    const keys = request.keys.filter((key) => key.file === file);
    const edited = await yaml.edit(text, keys);
    if (edited.kind === 'refused') {
      const faults = edited.faults.map(({ line, message }) => `line ${line}: ${message}`).join('; ');
      return { kind: 'rejected', reason: `${file}, ${faults}` };
    }
    files.set(file, edited.text);
    for (const [index, key] of keys.entries()) before.set(key, edited.before[index] ?? key);
  }
  const touched = [...request.files.map(({ path }) => path), ...request.keys.map(({ file }) => file)];
  const isSame = touched.every((path) => files.get(path) === tree.get(path));
  return {
    kind: isSame ? 'same' : 'change',
    files,
    before: request.keys.map((key) => before.get(key) ?? key),
  };
}

function obstacle(tree: ReadonlyMap<string, string>, path: string): string | undefined {
  if (tree.has(path)) return undefined;
  if (!isFilePath(path)) return `${JSON.stringify(path)} is no path of a file`;
  const steps = path.split('/');
  const isUnderFile = steps.some((_, index) => index > 0 && tree.has(steps.slice(0, index).join('/')));
  const isFolder = [...tree.keys()].some((file) => file.startsWith(`${path}/`));
  return isUnderFile || isFolder ? `${path} cannot be written` : undefined;
}
