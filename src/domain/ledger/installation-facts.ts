import { z } from 'zod';
import { IncidentId, PersonId, ReleaseName } from '../ids.ts';

/** Data of each kind of fact in the installation's own stream. */
export const installationFacts = {
  /** The first start, or a restore from Git: outranks every epoch before it. */
  'incarnation.opened': z.strictObject({
    incarnation: z.int().positive(),
    /** Where a restore got its facts; absent at the first start. */
    restored: z
      .strictObject({
        /** Highest sequence number found in Git. */
        upTo: z.int().nonnegative(),
        /** Recorded time of the last fact found: what was decided after it may be missing. */
        lastFactAt: z.string().optional(),
      })
      .optional(),
  }),
  /** A person looked at what the lost seconds may have done; forward work may go on. */
  'incarnation.confirmed': z.strictObject({ incarnation: z.int().positive(), by: PersonId }),
  /** A release name is used up, whatever environment it was made in. */
  'name.taken': z.strictObject({ name: ReleaseName }),
  'incident.numbered': z.strictObject({ id: IncidentId }),
} as const;
