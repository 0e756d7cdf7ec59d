import type { Catalog } from '../../domain/catalog/catalog.ts';
import type { Rules } from '../../domain/rules.ts';
import { TerminalError } from '../../errors.ts';
import type { Ports } from '../../ports/ports.ts';
import { catalogText, understandCatalog } from './load-catalog.ts';

/** The catalog, fresh for forward work, and as it was last read for recovery, which does not wait for Git. */
export interface CatalogSource {
  /** Throws `TerminalError` when it cannot be understood, `UnavailableError` when Git is away. */
  load(): Promise<Catalog>;
  /** Absent before it was read for the first time. */
  latest(): Catalog | undefined;
  /** Why the newest catalog that was looked at cannot be used; absent while it can. */
  trouble(): string | undefined;
}

export function createCatalogSource(ports: Pick<Ports, 'git' | 'yaml'>, rules: Rules): CatalogSource {
  let last: { text: string; catalog: Catalog } | undefined;
  let trouble: string | undefined;
  return {
    async load() {
      try {
        const text = await catalogText(ports.git, rules);
        // It is loaded every few seconds and changes every few weeks.
        if (last?.text !== text) last = { text, catalog: await understandCatalog(ports.yaml, rules, text) };
        trouble = undefined;
        return last.catalog;
      } catch (error) {
        if (error instanceof TerminalError) trouble = error.message;
        throw error;
      }
    },
    latest: () => last?.catalog,
    trouble: () => trouble,
  };
}
