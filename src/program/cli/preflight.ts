import { readDocument } from '../../config/read-document.ts';
import { resolveConfig } from '../../config/resolve-config.ts';
import { rulesOf } from '../../config/rules-of.ts';
import { resolveCatalog } from '../../domain/catalog/resolve-catalog.ts';
import { faultLine, type SourceDocument } from '../../domain/document/fault.ts';
import { readManifest } from '../../domain/manifest/manifest.ts';
import { didYouMean } from '../../domain/naming/nearest.ts';
import { preflightOffline } from '../../domain/policy/preflight.ts';
import { type PreflightRow, tallyOf } from '../../domain/policy/row.ts';
import { environmentRules, type Rules } from '../../domain/rules.ts';
import { TerminalError } from '../../errors.ts';
import type { Yaml } from '../../ports/yaml.ts';
import { preflightText, tallyWords } from '../../views/preflight.ts';
import type { Answer } from './answer.ts';
import { kindOf } from './document-kind.ts';
import { offlineInput } from './validate-manifest.ts';

/** The preflight of one release document. */
export interface OfflinePreflight {
  file: string;
  name: string;
  environment: string;
  rows: PreflightRow[];
}

/**
 * Judges release documents by what files alone say: the documents, `signalbox.yaml` and the catalog, all of which must be among the
 * files. Asks nobody; what only the world could say is not known. Throws `TerminalError` with every fault when a file cannot be read.
 */
export async function preflightFiles(
  files: readonly string[],
  yaml: Pick<Yaml, 'read'>,
): Promise<OfflinePreflight[]> {
  const documents = await Promise.all(files.map((file) => readOrThrow(file, yaml)));
  const ofKind = (kind: 'config' | 'catalog' | 'manifest') =>
    documents.filter((document) => kindOf(document) === kind);
  const [config] = ofKind('config');
  const [catalogDocument] = ofKind('catalog');
  const manifests = ofKind('manifest');
  if (config === undefined || catalogDocument === undefined || manifests.length === 0) {
    const missing = [
      ...(config ? [] : ['signalbox.yaml']),
      ...(catalogDocument ? [] : ['the catalog']),
      ...(manifests.length > 0 ? [] : ['a release document']),
    ];
    throw new TerminalError(
      `A preflight needs signalbox.yaml, the catalog and a release document; missing: ${missing.join(', ')}`,
    );
  }
  const resolved = resolveConfig(config);
  if (resolved.kind === 'faulty') throw new TerminalError(resolved.faults.map(faultLine).join('\n'));
  const rules = rulesOf(resolved.config);
  const catalog = resolveCatalog(catalogDocument, rules.catalogNames);
  if (catalog.kind === 'faulty') throw new TerminalError(catalog.faults.map(faultLine).join('\n'));
  return manifests.map((document) => judged(document, { rules, catalog: catalog.catalog }));
}

/** The tables one after the other. Not fine when a row refuses; what is not known here is judged at the cut. */
export function preflightAnswer(preflights: readonly OfflinePreflight[]): Answer {
  const isFine = preflights.every(({ rows }) => tallyOf(rows).refusing === 0);
  const text = preflights.map(
    ({ file, name, environment, rows }) =>
      `${name} → ${environment} (${file})\n${preflightText(rows)}\n${tallyWords(rows)}`,
  );
  return { isFine, text: text.join('\n\n'), json: { ok: isFine, preflights } };
}

function judged(
  document: SourceDocument,
  { rules, catalog }: { rules: Rules; catalog: Parameters<typeof offlineInput>[1]['catalog'] },
): OfflinePreflight {
  const read = readManifest(document);
  if (read.kind === 'faulty') throw new TerminalError(read.faults.map(faultLine).join('\n'));
  const { manifest, hash } = read;
  const name = manifest.spec.environment;
  const environment = environmentRules(rules, name);
  if (environment === undefined) {
    const near = didYouMean(
      name,
      rules.environments.map((one) => one.name),
    );
    throw new TerminalError(`${document.file} spec.environment: there is no environment ${name}; ${near}`);
  }
  const rows = preflightOffline(offlineInput({ document, manifest, hash }, { rules, environment, catalog }));
  return { file: document.file, name: manifest.metadata.name, environment: name, rows };
}

async function readOrThrow(file: string, yaml: Pick<Yaml, 'read'>): Promise<SourceDocument> {
  const read = await readDocument(file, yaml);
  if (read.kind === 'faulty') throw new TerminalError(read.faults.map(faultLine).join('\n'));
  if (kindOf(read.document) === 'unknown')
    throw new TerminalError(`${file} is neither signalbox.yaml, a catalog nor a release document`);
  return read.document;
}
