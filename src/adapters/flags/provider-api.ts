import type { FlagRef } from '../../domain/flag/flag-ref.ts';
import type { FlagAnswer, FlagSeen } from '../../domain/flag/flag-setting.ts';
import type { FlagAccess, FlagChangeAsked, FlagSet } from '../../ports/flags.ts';
import type { ReachedProvider } from './ask-provider.ts';

/** A change with what was there the moment before: whether it is wanted at all has been decided. */
export type ProviderChange = FlagChangeAsked & { seen: FlagSeen };

export type ProviderSet = { kind: 'set' } | Extract<FlagSet, { kind: 'refused' }>;

/** One vendor's API in our words. */
export interface ProviderApi {
  read(provider: ReachedProvider, ref: FlagRef): Promise<FlagAnswer>;
  set(provider: ReachedProvider, change: ProviderChange): Promise<ProviderSet>;
  access(provider: ReachedProvider, of: Omit<FlagRef, 'key'>): Promise<FlagAccess>;
}

/** Who keeps the flag, where, for people. */
export function placeWords({ key, project, environment }: FlagRef): string {
  return `${key} in ${environment} of project ${project}`;
}
