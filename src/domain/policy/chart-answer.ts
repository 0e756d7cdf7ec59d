import type { Digest } from '../ids.ts';

/** What a registry says of a chart. */
export type ChartAnswer =
  | { kind: 'found'; digest: Digest }
  /** It has others, or none; `says` is the end of a sentence. */
  | { kind: 'missing'; says: string }
  /** Nobody could be asked. */
  | { kind: 'unknown'; says: string };
