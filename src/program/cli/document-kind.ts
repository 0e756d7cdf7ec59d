import { type Fault, faultAt, type SourceDocument } from '../../domain/document/fault.ts';
import { didYouMean } from '../../domain/naming/nearest.ts';

/** What a file of ours is; `unknown` when it says that it is something else. */
export type DocumentKind = 'config' | 'catalog' | 'manifest' | 'unknown';

/** Tells documents apart: the configuration is the only one without a kind. */
export function kindOf({ value }: SourceDocument): DocumentKind {
  if (typeof value !== 'object' || value === null || !('kind' in value || 'apiVersion' in value))
    return 'config';
  const kind = 'kind' in value ? value.kind : undefined;
  if (kind === 'Catalog') return 'catalog';
  return kind === 'Release' ? 'manifest' : 'unknown';
}

/** The fault of a document of another kind. */
export function unknownKind(document: SourceDocument): Fault {
  const { kind } = document.value as { kind?: unknown };
  const says =
    kind === undefined
      ? 'is missing: it must be Catalog or Release'
      : `must be Catalog or Release; ${didYouMean(String(kind), ['Catalog', 'Release'])}`;
  return faultAt(document, ['kind'], says);
}
