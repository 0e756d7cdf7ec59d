import { z } from 'zod';

/** A flag where it is kept. */
export const FlagRef = z.strictObject({
  key: z.string(),
  /** Name of a provider of `signalbox.yaml`. */
  provider: z.string(),
  project: z.string(),
  /** As the provider calls it. */
  environment: z.string(),
});
export type FlagRef = z.infer<typeof FlagRef>;

/** What a flag is known by among all flags of one of our environments. */
export function flagId({ provider, project, key }: Pick<FlagRef, 'provider' | 'project' | 'key'>): string {
  return [provider, project, key].join('/');
}

/** Where a flag is kept, and nothing more of it. */
export function refOf({ key, provider, project, environment }: FlagRef): FlagRef {
  return { key, provider, project, environment };
}
