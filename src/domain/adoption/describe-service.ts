import type { ServiceName } from '../ids.ts';
import { cycleIn } from '../plan/waves.ts';
import { type Component, componentFor } from './backstage.ts';
import { roleOfOwner } from './code-owners.ts';
import type { OpenQuestion } from './repository-file.ts';
import type { FoundPlace } from './survey.ts';

/** A value with where it was read. */
export interface Known<T> {
  value: T;
  /** A file, or what people call it. */
  from: string;
}

/** What is known of a service besides where it runs. */
export interface Description {
  owner?: Known<string>;
  tier?: Known<number>;
  /** Components that it needs, whether or not they are services here. */
  dependsOn: Known<readonly string[]>;
}

/** Sources of descriptions, the first that knows something counts. */
export interface Sources {
  components: readonly Component[];
  codeOwners(path: string): readonly string[];
}

/** Describes a service: by Backstage where it has a component for it, by CODEOWNERS where that names an owner. */
export function describeService(
  service: ServiceName,
  places: readonly FoundPlace[],
  { components, codeOwners }: Sources,
): Description {
  const applications = places.flatMap(({ argocd }) => (argocd ? [argocd.application] : []));
  const component = componentFor(components, { service, applications });
  const from = component?.file ?? '';
  const owner = roleOfOwner(component?.owner ?? '');
  const [owning] = places.flatMap(({ git }) => codeOwners(git.file)).flatMap((one) => roleOfOwner(one) ?? []);
  return {
    ...(owner !== undefined
      ? { owner: { value: owner, from } }
      : owning !== undefined && { owner: { value: owning, from: 'CODEOWNERS' } }),
    ...(component?.tier !== undefined && { tier: { value: component.tier, from } }),
    dependsOn: { value: component?.dependsOn ?? [], from },
  };
}

/** Of what each needs, the services that are there; nothing where they need each other in a circle. */
export function dependenciesAmong(described: ReadonlyMap<ServiceName, Description>): {
  dependsOn: ReadonlyMap<ServiceName, Known<readonly ServiceName[]>>;
  open: OpenQuestion[];
} {
  const entries = [...described].map(
    ([service, { dependsOn }]) =>
      [
        service,
        { ...dependsOn, value: dependsOn.value.filter((one) => described.has(one) && one !== service) },
      ] as const,
  );
  const unknown = [...described].flatMap(([service, { dependsOn }]) =>
    dependsOn.value
      .filter((one) => !described.has(one))
      .map((one) => ({
        at: dependsOn.from,
        says: `${service} depends on ${one}, which is no service here`,
        todo: 'Left out: nothing is released for it from this repository.',
      })),
  );
  const cycle = cycleIn(Object.fromEntries(entries.map(([service, { value }]) => [service, value])));
  if (cycle === undefined) return { dependsOn: new Map(entries), open: unknown };
  const circle = {
    at: 'catalog',
    says: `components of Backstage need each other in a circle: ${cycle.join(' → ')}`,
    todo: 'No dependsOn was written: a release has an order. Write those that count.',
  };
  return { dependsOn: new Map(), open: [...unknown, circle] };
}
