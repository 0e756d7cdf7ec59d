import { z } from 'zod';
import { PersonId } from './ids.ts';

/** Who caused something. People and policy can always be told apart, also in the API server's audit log. */
export const Actor = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('person'),
    id: PersonId,
    via: z.enum(['slack', 'cli', 'http', 'github']),
  }),
  /** What an environment's policy does by itself: `signalbox:policy:<environment>`. */
  z.strictObject({ kind: z.literal('policy'), id: z.string().regex(/^signalbox:policy:/) }),
  /** Breaking glass: a person whom we authorise and the API server refuses. */
  z.strictObject({
    kind: z.literal('recovery'),
    id: z.literal('signalbox:recovery'),
    person: PersonId.optional(),
  }),
  /** A program that reports artifacts, signed: `signalbox:reporter:<name>`. It may report, and nothing else. */
  z.strictObject({ kind: z.literal('reporter'), id: z.string().regex(/^signalbox:reporter:/) }),
  /** The program's own housekeeping: adopting a baseline, opening an incarnation. Never writes to a cluster. */
  z.strictObject({ kind: z.literal('system'), id: z.literal('signalbox') }),
]);
export type Actor = z.infer<typeof Actor>;

export const SYSTEM: Actor = { kind: 'system', id: 'signalbox' };

export function policyOf(environment: string): Actor {
  return { kind: 'policy', id: `signalbox:policy:${environment}` };
}
