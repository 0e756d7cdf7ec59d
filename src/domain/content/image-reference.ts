import { Digest } from '../ids.ts';

/** The parts of an image reference; each is absent where the reference does not have it. */
export interface ImageReference {
  repository: string;
  tag?: string;
  digest?: Digest;
}

/**
 * Takes `registry:5000/acme/app:1.8.0@sha256:…` apart. A digest that is not one of SHA-256 counts as absent: nothing can be
 * compared with it.
 */
export function parseImageReference(reference: string): ImageReference {
  const [name = '', suffix] = reference.split('@', 2);
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  const digest = Digest.safeParse(suffix);
  return {
    repository: colon === -1 ? name : name.slice(0, colon),
    ...(colon !== -1 && { tag: name.slice(colon + 1) }),
    ...(digest.success && { digest: digest.data }),
  };
}
