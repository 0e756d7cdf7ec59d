import type { FlagRef } from '../domain/flag/flag-ref.ts';
import type { FlagAnswer, FlagSetting, FlagWanted } from '../domain/flag/flag-setting.ts';

/** A flag that is to become something. */
export interface FlagChangeAsked {
  ref: FlagRef;
  to: FlagWanted;
  /** Revision that has to be there still; absent: whatever is there gives way, as recovery needs it. */
  expects?: string | undefined;
  /** Why, for the provider's own record: no secrets, no markup. */
  note: string;
}

export type FlagSet =
  /** `found`: it already was so, by an attempt whose answer was lost or by somebody else. */
  | { kind: 'done' | 'found'; before: FlagSetting; after: FlagSetting }
  /** `stale`: it is no longer what it was when it was looked at. */
  | { kind: 'refused'; why: 'rejected' | 'stale' | 'forbidden' | 'missing'; says: string };

/** What we may do in an environment of a provider. */
export interface FlagAccess {
  kind: 'writes' | 'reads' | 'refused' | 'unsure';
  says: string;
}

/** Those who keep feature flags. All throw `UnavailableError` when there is no answer in their time. */
export interface Flags {
  /** What a flag gives now; never `unknown`. */
  read(ref: FlagRef): Promise<FlagAnswer>;
  /** Looks, compares, and sets: doing it twice does it once. */
  set(change: FlagChangeAsked): Promise<FlagSet>;
  /** Whether its token is good, the environment there, and whether it may be written to. Changes nothing. */
  access(of: Omit<FlagRef, 'key'>): Promise<FlagAccess>;
}
