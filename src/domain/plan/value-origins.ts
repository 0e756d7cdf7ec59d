import { type Catalog, catalogService } from '../catalog/catalog.ts';
import type { ServiceName } from '../ids.ts';
import type { EnvironmentRules } from '../rules.ts';
import type { Plan } from './plan.ts';

/** Where a value of a plan was said. */
export type Origin = 'document' | 'catalog' | 'Backstage' | 'signalbox.yaml' | 'default';

/** A kind of value that several services have from one place. */
export interface ValueOrigin {
  /** `owner`, `tier`, `gate error-ratio`. */
  value: string;
  from: Origin;
  /** Sorted. */
  services: ServiceName[];
}

/** Where each service's owner, tier, dependencies and gates were said, so that whoever wonders knows where to change them. */
export function valueOrigins(
  plan: Pick<Plan, 'services'>,
  { catalog, environment }: { catalog: Catalog; environment: Pick<EnvironmentRules, 'gates'> },
): ValueOrigin[] {
  const found = Object.entries(plan.services).flatMap(([service, planned]) => {
    const entry = catalogService(catalog, service);
    const said = (key: string): Origin => (entry?.fromBackstage?.includes(key) ? 'Backstage' : 'catalog');
    const tier =
      entry === undefined || planned.tier !== entry.tier
        ? 'document'
        : entry.tierIsDefault
          ? 'default'
          : said('tier');
    const ofCatalog = (entry?.gates ?? []).map((gate) => (typeof gate === 'string' ? gate : gate.name));
    const gates = planned.gates.map(({ name }): [string, Origin] => {
      if (environment.gates.some((gate) => gate.name === name)) return [`gate ${name}`, 'signalbox.yaml'];
      const isCatalogs = ofCatalog.includes(name) || name.startsWith('catalog-');
      return [`gate ${name}`, isCatalogs ? 'catalog' : 'document'];
    });
    const values: [string, Origin][] = [
      ['owner', said('owner')],
      ['tier', tier],
      ...(planned.dependsOn.length > 0 ? [['dependsOn', said('dependsOn')] as [string, Origin]] : []),
      ...gates,
    ];
    return values.map(([value, from]) => ({ value, from, service }));
  });
  const grouped = Map.groupBy(found, ({ value, from }) => `${value} ${from}`);
  return [...grouped.values()].flatMap((all) => {
    const [first] = all;
    if (first === undefined) return [];
    return [{ value: first.value, from: first.from, services: all.map(({ service }) => service).sort() }];
  });
}
