import type { Config } from '../../config/schema.ts';
import type { Components } from '../../ports/components.ts';
import { type Finding, type Look, ok, warning } from './finding.ts';

/** Names of components that cannot be used; the rest is counted. */
const NAMED = 5;

/** Backstage answers with components that can be used. Nothing where none is configured. */
export function backstageLooks(
  { catalog }: Pick<Config, 'catalog'>,
  backstage: Components | undefined,
): Look[] {
  if (backstage === undefined || catalog.backstage === undefined) return [];
  const { filter } = catalog.backstage;
  return [
    {
      area: 'Backstage',
      about: 'its components',
      fix: 'See that catalog.backstage has the address of its catalog, a token that may read it and a filter, and that this machine reaches it.',
      look: async () => {
        const { components, unusable } = await backstage.read();
        return [found(components.length, filter), ...unusableFindings(unusable)];
      },
    },
  ];
}

function found(count: number, filter: string): Finding {
  if (count > 0) return ok(`it has ${count} components for ${filter}`);
  return warning(
    `it has no component for ${filter}, or none that this token may see`,
    'Correct catalog.backstage.filter, or let the token read the catalog.',
  );
}

function unusableFindings(unusable: readonly { name: string; says: string }[]): Finding[] {
  if (unusable.length === 0) return [];
  const named = unusable.slice(0, NAMED).map(({ name, says }) => `${name} (${says})`);
  const more = unusable.length > NAMED ? ` and ${unusable.length - NAMED} more` : '';
  return [
    warning(
      `components that cannot be used: ${named.join(', ')}${more}`,
      'Correct them where they are kept, or write what they should say into the catalog.',
    ),
  ];
}
