import { z } from 'zod';

/** A strategy as Unleash writes it; parameters are texts. */
export const Strategy = z.strictObject({
  name: z.string(),
  parameters: z.record(z.string(), z.string()).default({}),
  constraints: z
    .array(
      z.looseObject({
        contextName: z.string(),
        operator: z.string(),
        values: z.array(z.string()).default([]),
      }),
    )
    .default([]),
  segments: z.array(z.number()).optional(),
  disabled: z.boolean().optional(),
  title: z.string().nullish(),
});
export type Strategy = z.infer<typeof Strategy>;

export interface KeptStrategy extends Strategy {
  id: string;
}

/** A flag in one environment. */
export interface FeatureEnvironment {
  enabled: boolean;
  strategies: KeptStrategy[];
}

/** What an Unleash holds: one project, its environments, and its flags in each of them. */
export interface UnleashState {
  project: string;
  environments: readonly string[];
  /** By name, then environment. */
  features: Map<string, Record<string, FeatureEnvironment>>;
}

export function emptyUnleash(environments: readonly string[], project = 'default'): UnleashState {
  return { project, environments, features: new Map() };
}

/** A new flag: off everywhere, without a strategy. */
export function addFeature({ environments, features }: UnleashState, name: string): void {
  features.set(
    name,
    Object.fromEntries(environments.map((each) => [each, { enabled: false, strategies: [] }])),
  );
}
