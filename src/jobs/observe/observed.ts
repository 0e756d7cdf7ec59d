import type { Catalog } from '../../domain/catalog/catalog.ts';
import type { ServiceName } from '../../domain/ids.ts';
import type { EnvironmentRules, Rules } from '../../domain/rules.ts';
import type { Gate } from '../../gates/gate.ts';
import type { CatalogSource } from '../cut/catalog-source.ts';

/** What looking needs besides ports. */
export interface ObserveContext {
  rules: Rules;
  gates: readonly Gate[];
  catalog: Pick<CatalogSource, 'load'>;
}

/** One service where nothing is written. */
export interface Observed {
  catalog: Catalog;
  environment: EnvironmentRules;
  service: ServiceName;
}
