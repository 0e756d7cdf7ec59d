import type { Component } from '../../domain/adoption/backstage.ts';
import type { Catalog } from '../../domain/catalog/catalog.ts';
import { mergeComponents, withBlame, withOrigins } from '../../domain/catalog/merge-components.ts';
import { resolveCatalog } from '../../domain/catalog/resolve-catalog.ts';
import { faultLine } from '../../domain/document/fault.ts';
import type { Rules } from '../../domain/rules.ts';
import { TerminalError } from '../../errors.ts';
import type { Components } from '../../ports/components.ts';
import type { Ports } from '../../ports/ports.ts';

/** Faults named in a message; the rest is counted. */
const SHOWN = 5;

/**
 * The catalog as Git has it now, filled up by what Backstage says now. Throws as its steps do. `backstage`: absent where there is
 * none.
 */
export async function loadCatalog(
  { git, yaml }: Pick<Ports, 'git' | 'yaml'>,
  rules: Rules,
  backstage?: Components,
): Promise<Catalog> {
  const [text, read] = await Promise.all([catalogText(git, rules), backstage?.read()]);
  return understandCatalog(yaml, rules, { text, components: read?.components });
}

/** The words of the catalog. Throws `TerminalError` when Git has none, `UnavailableError` when it is away. */
export async function catalogText(git: Ports['git'], rules: Rules): Promise<string> {
  const { repository, path } = rules.catalog;
  const branch = rules.repositories[repository]?.branch ?? 'main';
  const text = await (await git.view(repository, branch))?.read(path);
  if (text === undefined)
    throw new TerminalError(`There is no ${path} on ${branch} of ${repository}: put the catalog there.`);
  return text;
}

/**
 * The catalog that a text says. Throws `TerminalError` with file, line and remedy when it cannot be read: nothing may be decided
 * on a catalog that is half understood.
 */
export async function understandCatalog(
  yaml: Ports['yaml'],
  rules: Rules,
  { text, components = [] }: { text: string; components?: readonly Component[] | undefined },
): Promise<Catalog> {
  const { path } = rules.catalog;
  const read = await yaml.read(text);
  if (read.kind === 'refused') {
    throw new TerminalError(
      read.faults.map(({ line, column, message }) => `${path}:${line}:${column} ${message}`).join('\n'),
    );
  }
  const { document, filled } = mergeComponents(
    { file: path, value: read.value, locate: read.locate },
    components,
  );
  const resolved = resolveCatalog(document, rules.catalogNames);
  if (resolved.kind === 'resolved') return withOrigins(resolved.catalog, filled);
  const lines = withBlame(resolved.faults, filled).slice(0, SHOWN).map(faultLine);
  const more = resolved.faults.length - lines.length;
  throw new TerminalError(
    [`The catalog has faults:`, ...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n'),
  );
}
