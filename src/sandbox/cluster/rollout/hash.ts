import type { PodTemplate } from './objects.ts';
import { withDefaults } from './pod-template.ts';
import type { RolloutSpec } from './rollout-object.ts';

/** Kubernetes' alphabet for generated names: no vowels and no look-alikes (apimachinery `util/rand`). */
const SAFE_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * The hash of a pod template. Argo hashes Go's own JSON of the struct; here it is the JSON with sorted keys and defaults
 * filled in, so that a template read back from a ReplicaSet has the hash it was created under.
 */
export function podTemplateHash(template: PodTemplate): string {
  const known = templateHashes.get(template);
  if (known !== undefined) return known;
  const hash = safeHash(canonicalJson(withDefaults(template)));
  templateHashes.set(template, hash);
  return hash;
}

// Objects are replaced, never changed, and a controller asks for the hash of the same one at every look.
const templateHashes = new WeakMap<PodTemplate, string>();

/** The hash of a canary's list of steps; empty for blue-green, as Argo has it. */
export function stepHash(spec: RolloutSpec): string {
  if (spec.strategy.blueGreen !== undefined || spec.strategy.canary === undefined) return '';
  return safeHash(canonicalJson(spec.strategy.canary.steps ?? null));
}

/** FNV-1a (32 bits) in decimal, spelled in the safe alphabet: what Argo and Kubernetes do with every such hash. */
export function safeHash(text: string): string {
  return safeEncode(String(fnv1a(text)));
}

/** Spells any text in the safe alphabet. */
export function safeEncode(text: string): string {
  let spelled = '';
  for (let index = 0; index < text.length; index += 1) {
    spelled += SAFE_ALPHABET.charAt(text.charCodeAt(index) % SAFE_ALPHABET.length);
  }
  return spelled;
}

function fnv1a(text: string): number {
  let hash = FNV_OFFSET;
  for (const byte of Buffer.from(text, 'utf8')) {
    hash ^= byte;
    hash = Math.imul(hash, FNV_PRIME);
  }
  return hash >>> 0;
}

/** JSON with sorted keys; null, empty lists and empty maps count as absent, as they do for Go's `omitempty`. */
export function canonicalJson(value: unknown): string {
  return write(value) ?? 'null';
}

function write(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) {
    if (value.length === 0) return undefined;
    return `[${value.map((item) => write(item) ?? '{}').join(',')}]`;
  }
  if (typeof value !== 'object') return JSON.stringify(value);
  const members: string[] = [];
  for (const [key, member] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const written = write(member);
    if (written !== undefined) members.push(`${JSON.stringify(key)}:${written}`);
  }
  return members.length === 0 ? undefined : `{${members.join(',')}}`;
}
