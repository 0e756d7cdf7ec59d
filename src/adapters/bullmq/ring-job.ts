import { z } from 'zod';
import type { Bell } from '../../ports/bells.ts';
import { BellShape } from './subject.ts';

/** A ring as a job carries it: nothing but what to look at, and who rang. */
export interface RingJob {
  bell: Bell;
  /** Process that rang, and its count of rings: so it knows the job whose ring it has answered already. */
  by: string;
  tick: number;
}

export const RingJob: z.ZodType<RingJob> = z.object({ bell: BellShape, by: z.string(), tick: z.int() });
