import { parseImageReference } from '../../domain/content/image-reference.ts';
import { Digest } from '../../domain/ids.ts';
import { TerminalError, UnavailableError } from '../../errors.ts';
import type { Ports } from '../../ports/ports.ts';

/** What people call the first of these images: by its tag, else by the registry's word, else by its digest. Absent for none. */
export async function versionIn(
  { registry }: Pick<Ports, 'registry'>,
  images: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const [reference = ''] = Object.values(images);
  const { repository, tag, digest } = parseImageReference(reference);
  if (tag !== undefined) return tag;
  const pinned = Digest.safeParse(digest);
  if (!pinned.success) return undefined;
  // A name is a kindness: a registry that is away, or that nobody can be asked for, keeps nothing from being seen.
  const found = await registry.resolve(repository, { digest: pinned.data }).catch((error: unknown) => {
    if (error instanceof UnavailableError || error instanceof TerminalError) return undefined;
    throw error;
  });
  const version = found?.kind === 'resolved' ? found.image.version : undefined;
  return version ?? pinned.data.slice('sha256:'.length, 'sha256:'.length + 12);
}
