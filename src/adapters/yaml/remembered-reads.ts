import { hash } from 'node:crypto';
import type { Yaml, YamlRead } from '../../ports/yaml.ts';

/** Readings that are kept: a release's manifest and its catalog are read again at every step from cut to start. */
const MOST = 8;

/** Remembers the last documents by the digest of their text. What is read is frozen, so that everybody may have the same. */
export function rememberedReads(read: Yaml['read']): Yaml['read'] {
  const known = new Map<string, YamlRead>();
  return async (text) => {
    const digest = hash('sha256', text, 'hex');
    const found = known.get(digest) ?? (await read(text));
    known.delete(digest);
    if (found.kind === 'refused') return found;
    known.set(digest, found);
    const [oldest] = known.keys();
    if (known.size > MOST && oldest !== undefined) known.delete(oldest);
    return found;
  };
}
