import { readDocument } from '../../config/read-document.ts';
import { resolveConfig } from '../../config/resolve-config.ts';
import { rulesOf } from '../../config/rules-of.ts';
import type { Catalog } from '../../domain/catalog/catalog.ts';
import { CatalogDocument } from '../../domain/catalog/catalog-schema.ts';
import { resolveCatalog } from '../../domain/catalog/resolve-catalog.ts';
import { checkShape } from '../../domain/document/check-shape.ts';
import { type Fault, faultLine, type SourceDocument } from '../../domain/document/fault.ts';
import type { Rules } from '../../domain/rules.ts';
import type { Yaml } from '../../ports/yaml.ts';
import { annotations } from './annotations.ts';
import type { Answer, Form } from './answer.ts';
import { type DocumentKind, kindOf, unknownKind } from './document-kind.ts';
import { checklistFaults } from './validate-checklist.ts';
import { manifestFaults } from './validate-manifest.ts';

/** What was found in files: what keeps them from being used, and what will be refused although it is valid. */
export interface Validated {
  faults: Fault[];
  warnings: Fault[];
}

/**
 * Checks `signalbox.yaml`, a catalog and release documents, told apart by their `kind`, and checklists, which are Markdown, each
 * against those given with it: a catalog alone is checked for its form, one beside the configuration for every name in it too. Asks nobody.
 */
export async function validateFiles(files: readonly string[], yaml: Pick<Yaml, 'read'>): Promise<Validated> {
  const isChecklist = (file: string): boolean => file.endsWith('.md');
  const read = await Promise.all(
    files.filter((file) => !isChecklist(file)).map((file) => readDocument(file, yaml)),
  );
  const found: Validated = {
    faults: read.flatMap((one) => (one.kind === 'faulty' ? one.faults : [])),
    warnings: [],
  };
  const documents = read.flatMap((one) => (one.kind === 'read' ? [one.document] : []));
  const ofKind = (kind: DocumentKind): SourceDocument[] => documents.filter((one) => kindOf(one) === kind);
  const add = ({ faults, warnings = [] }: { faults: Fault[]; warnings?: Fault[] }): void => {
    found.faults.push(...faults);
    found.warnings.push(...warnings);
  };
  let rules: Rules | undefined;
  for (const document of ofKind('config')) {
    const resolved = resolveConfig(document);
    if (resolved.kind === 'faulty') add(resolved);
    else rules ??= rulesOf(resolved.config);
  }
  let catalog: Catalog | undefined;
  for (const document of ofKind('catalog')) {
    const resolved = checkCatalog(document, rules);
    if (resolved.kind === 'faulty') add(resolved);
    if (resolved.kind === 'resolved') catalog ??= resolved.catalog;
  }
  for (const document of ofKind('manifest')) add(manifestFaults(document, { rules, catalog }));
  for (const file of files.filter(isChecklist)) add(await checklistFaults(file, rules));
  for (const document of ofKind('unknown')) add({ faults: [unknownKind(document)] });
  return found;
}

/** Every fault on a line that editors and terminals make a link of, or GitHub an annotation. Not fine when anything is a fault. */
export function validateAnswer(
  { faults, warnings }: Validated,
  files: readonly string[],
  form: Form = 'text',
): Answer {
  const lines =
    form === 'github'
      ? [...annotations('error', faults), ...annotations('warning', warnings)]
      : [...faults.map(faultLine), ...warnings.map((one) => `warning: ${faultLine(one)}`)];
  const isFine = faults.length === 0;
  return {
    isFine,
    text: (isFine ? [...lines, `${files.join(', ')}: valid`] : lines).join('\n'),
    json: { ok: isFine, faults, warnings },
  };
}

function checkCatalog(
  document: SourceDocument,
  rules: Rules | undefined,
): ReturnType<typeof resolveCatalog> | { kind: 'wellFormed' } {
  if (rules !== undefined) return resolveCatalog(document, rules.catalogNames);
  const checked = checkShape(CatalogDocument, document);
  return checked.kind === 'faulty' ? checked : { kind: 'wellFormed' };
}
