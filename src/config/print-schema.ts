import { z } from 'zod';
import { ArtifactReport } from '../domain/artifact/artifact.ts';
import { CatalogDocument } from '../domain/catalog/catalog-schema.ts';
import { Manifest } from '../domain/manifest/manifest.ts';
import { Config } from './schema.ts';

/** The documents that have a schema for editors. */
export const SCHEMA_NAMES = ['config', 'catalog', 'release', 'artifact'] as const;
export type SchemaName = (typeof SCHEMA_NAMES)[number];

const SCHEMAS: Readonly<Record<SchemaName, { title: string; id?: string; schema: z.ZodType }>> = {
  config: { title: 'signalbox.yaml', schema: Config },
  catalog: { title: 'The catalog of a GitOps repository', schema: CatalogDocument },
  release: {
    title: 'A release document',
    id: 'https://release.gitplumbers.io/schemas/release-v1.json',
    schema: Manifest,
  },
  artifact: { title: 'What a build reports to /api/artifacts', schema: ArtifactReport },
};

/**
 * JSON Schema (draft 2020-12) of a document as people write it, as text. Editors take it by the comment
 * `# yaml-language-server: $schema=…`. What spans several parts of a document (names, contradictions) is not in it.
 */
export function printSchema(name: SchemaName): string {
  const { title, id, schema } = SCHEMAS[name];
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', reused: 'ref', unrepresentable: 'any' });
  return `${JSON.stringify({ $schema, title, ...(id && { $id: id }), ...rest }, null, 2)}\n`;
}
