import type { Played } from '../world/play.ts';

/** What must hold in every world. Answers with each breach, in words; empty when it holds. */
export interface Law {
  name: string;
  breaches(played: Played): string[];
}
