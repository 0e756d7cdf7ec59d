/** How a schema may change, as a schema registry names it. Source: Confluent Schema Registry's API, `compatibilityLevel`. */
export const COMPATIBILITY = [
  'BACKWARD',
  'BACKWARD_TRANSITIVE',
  'FORWARD',
  'FORWARD_TRANSITIVE',
  'FULL',
  'FULL_TRANSITIVE',
] as const;
export type Compatibility = (typeof COMPATIBILITY)[number];

/** What a registry enforces for a subject: with `NONE` every check passes, so that a pass says nothing. */
export type EnforcedLevel = Compatibility | 'NONE';

/** Whether what is enforced is at least what was promised. */
export function covers(enforced: EnforcedLevel, promised: Compatibility): boolean {
  if (enforced === 'NONE') return false;
  const directions = baseOf(enforced) === 'FULL' || baseOf(enforced) === baseOf(promised);
  return directions && (isTransitive(enforced) || !isTransitive(promised));
}

/**
 * Who has to be brought out first. BACKWARD: new readers understand old data, so consumers; FORWARD: old readers understand new
 * data, so producers; FULL: whoever likes.
 */
export function firstOut(level: Compatibility): 'consumers' | 'producer' | 'either' {
  const base = baseOf(level);
  if (base === 'FULL') return 'either';
  return base === 'BACKWARD' ? 'consumers' : 'producer';
}

function baseOf(level: Compatibility): string {
  return level.replace('_TRANSITIVE', '');
}

function isTransitive(level: Compatibility): boolean {
  return level.endsWith('_TRANSITIVE');
}
