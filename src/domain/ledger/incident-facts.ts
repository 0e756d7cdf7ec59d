import { z } from 'zod';
import { Intent, Receipt } from '../effect.ts';
import { EnvironmentName, IncidentId, Instant, PersonId, ReleaseId } from '../ids.ts';

/** Where a captured note was said. The text itself is never a fact: it lives in the erasable store under `text`. */
const NoteSource = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('message'),
    channel: z.string(),
    ts: z.string(),
    permalink: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('command') }),
]);

/** Data of each kind of fact in an incident's stream. */
export const incidentFacts = {
  'incident.opened': z.strictObject({
    id: IncidentId,
    title: z.string(),
    environment: EnvironmentName.optional(),
    release: ReleaseId.optional(),
    openedBy: PersonId,
  }),
  'incident.linked': z.strictObject({ release: ReleaseId }),
  'incident.placed': z.strictObject({ channel: z.string(), name: z.string() }),
  'note.captured': z.strictObject({
    note: z.string(),
    author: PersonId,
    how: z.enum(['message', 'command', 'pin', 'shortcut']),
    source: NoteSource,
    /** Key of the text in the erasable store, and the SHA-256 of the text as first captured. */
    text: z.string(),
    textHash: z.string(),
  }),
  'note.edited': z.strictObject({ note: z.string(), textHash: z.string() }),
  'note.removed': z.strictObject({ note: z.string(), why: z.enum(['deleted', 'unpinned']) }),
  'incident.resolved': z.strictObject({
    by: PersonId,
    detectedAt: Instant,
    mitigatedAt: Instant,
    stableAt: Instant,
  }),
  'effect.intended': Intent,
  'effect.done': z.strictObject({ effect: z.string(), receipt: Receipt }),
  'effect.refused': z.strictObject({
    effect: z.string(),
    why: z.enum(['rejected', 'missing']),
    says: z.string(),
  }),
} as const;
