import type { Catalog } from '../../domain/catalog/catalog.ts';
import type { Rules } from '../../domain/rules.ts';
import { TerminalError } from '../../errors.ts';
import type { Ports } from '../../ports/ports.ts';
import type { KnownComponents } from './known-components.ts';
import { catalogText, understandCatalog } from './load-catalog.ts';

/** The catalog, fresh for forward work, and as it was last read for recovery, which does not wait for Git. */
export interface CatalogSource {
  /** Throws `TerminalError` when it cannot be understood, `UnavailableError` when Git is away. */
  load(): Promise<Catalog>;
  /** Absent before it was read for the first time. */
  latest(): Catalog | undefined;
  /** Why the newest catalog that was looked at cannot be used; absent while it can. */
  trouble(): string | undefined;
  /** Why what it is made of may be old; it is used all the same. Absent while it is not. */
  notice(): string | undefined;
}

/** `components`: what fills up the catalog's file; absent: nothing does. */
export function createCatalogSource(
  ports: Pick<Ports, 'git' | 'yaml'>,
  rules: Rules,
  components?: KnownComponents,
): CatalogSource {
  let last: { words: string; catalog: Catalog } | undefined;
  let trouble: string | undefined;
  return {
    async load() {
      try {
        const [text, said] = await Promise.all([catalogText(ports.git, rules), components?.current()]);
        const words = said === undefined ? text : `${text}\n${JSON.stringify(said)}`;
        // It is loaded every few seconds and changes every few weeks.
        if (last?.words !== words)
          last = { words, catalog: await understandCatalog(ports.yaml, rules, { text, components: said }) };
        trouble = undefined;
        return last.catalog;
      } catch (error) {
        if (error instanceof TerminalError) trouble = error.message;
        throw error;
      }
    },
    latest: () => last?.catalog,
    trouble: () => trouble,
    notice: () => components?.trouble(),
  };
}
