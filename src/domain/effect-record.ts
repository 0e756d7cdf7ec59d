import type { Intent, Receipt } from './effect.ts';

/** What became of an intent. `open`: recorded, and nobody knows yet. */
export interface EffectRecord {
  intent: Intent;
  at: string;
  status:
    | { kind: 'open' }
    | { kind: 'done'; receipt: Receipt }
    | {
        kind: 'refused';
        why: 'rejected' | 'stale' | 'forbidden' | 'missing' | 'awaitingMerge';
        says: string;
      };
}
