import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** The first of these programs that `path` (a PATH variable) holds; absent when it holds none. */
export async function findOnPath(names: readonly string[], path: string): Promise<string | undefined> {
  const folders = path.split(delimiter).filter(Boolean);
  for (const name of names) {
    for (const folder of folders) {
      const file = join(folder, name);
      if (await isProgram(file)) return file;
    }
  }
  return undefined;
}

export async function isProgram(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
