import { z } from 'zod';
import { Revision } from '../content.ts';
import { Instant } from '../ids.ts';

/** Where a candidate of a cut without versions came from. What a person typed, or an environment verified, has none. */
export const Origin = z.discriminatedUnion('kind', [
  /** A build reported it. */
  z.strictObject({
    kind: z.literal('artifact'),
    reporter: z.string(),
    at: Instant,
    commit: Revision.optional(),
    build: z.string().optional(),
  }),
  /** The registry has its tag, and the catalog's policy puts it first. */
  z.strictObject({ kind: z.literal('tag'), tag: z.string(), policy: z.string() }),
  /** GitHub shows that a commit was deployed, or that a check passed on it. */
  z.strictObject({
    kind: z.literal('github'),
    repository: z.string(),
    commit: Revision,
    because: z.string(),
  }),
]);
export type Origin = z.infer<typeof Origin>;
