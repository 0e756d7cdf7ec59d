import { own } from '../document/own.ts';
import type { EnvironmentName } from '../ids.ts';
import type { WrittenFlag } from '../manifest/evidence-schema.ts';
import type { FlagRef } from './flag-ref.ts';

/** Those who keep flags. `ofrep` evaluates flags of whatever vendor, and changes none. */
export const FLAG_PROVIDER_KINDS = ['unleash', 'launchdarkly', 'ofrep'] as const;
export type FlagProviderKind = (typeof FLAG_PROVIDER_KINDS)[number];

/** A provider as the configuration names it. */
export interface FlagProvider {
  name: string;
  kind: FlagProviderKind;
  /** Project of flags that name none. */
  project: string;
  /** Our environment to the provider's; one that is absent has the same name there. */
  environments: Readonly<Record<EnvironmentName, string>>;
}

/** Every provider. */
export type FlagBook = readonly FlagProvider[];

/** The kind a document means by its word; `openfeature` is read over OFREP. */
const KIND_OF: Readonly<Record<string, FlagProviderKind>> = {
  unleash: 'unleash',
  launchdarkly: 'launchdarkly',
  openfeature: 'ofrep',
};

export type FlagPlaced =
  | { kind: 'placed'; ref: FlagRef }
  | { kind: 'faulty'; key: keyof WrittenFlag; says: string; remedy: string };

/** Where a flag of a document is kept: one provider, one project, one environment of it. */
export function placeFlag(
  {
    key,
    provider,
    project,
    environment: written,
  }: Pick<WrittenFlag, 'key' | 'provider' | 'project' | 'environment'>,
  { book, environment }: { book: FlagBook; environment: EnvironmentName },
): FlagPlaced {
  const kind = provider === undefined ? undefined : own(KIND_OF, provider);
  const ofKind = book.filter((one) => provider === undefined || one.kind === kind);
  const inProject = ofKind.filter((one) => project === undefined || one.project === project);
  const [found] = inProject.length > 0 ? inProject : ofKind;
  if (found === undefined) {
    return {
      kind: 'faulty',
      key: provider === undefined ? 'key' : 'provider',
      says: `is kept by ${provider ?? 'nobody'}, and signalbox.yaml names no such provider`,
      remedy: 'Name it under flagProviders, or set the flag by hand and leave it out here.',
    };
  }
  if (ofKind.length > 1 && inProject.length !== 1) {
    return {
      kind: 'faulty',
      key: project === undefined ? 'key' : 'project',
      says: `may be kept by ${ofKind.map(({ name }) => name).join(' or ')}`,
      remedy: 'Say which: by provider, or by the project that only one of them has.',
    };
  }
  const there = environmentAt(found, environment);
  if (written !== undefined && written !== there) {
    return {
      kind: 'faulty',
      key: 'environment',
      says: `is in ${written} at its provider, and ${environment} is ${there} there`,
      remedy: `Leave environment out, or map ${environment} under flagProviders.${found.name}.environments.`,
    };
  }
  return {
    kind: 'placed',
    ref: { key, provider: found.name, project: project ?? found.project, environment: there },
  };
}

/** What a provider calls one of our environments. */
export function environmentAt(
  { environments }: Pick<FlagProvider, 'environments'>,
  environment: EnvironmentName,
): string {
  return own(environments, environment) ?? environment;
}

/** Whether flags can be changed there at all. */
export function isWritable({ kind }: Pick<FlagProvider, 'kind'>): boolean {
  return kind !== 'ofrep';
}
