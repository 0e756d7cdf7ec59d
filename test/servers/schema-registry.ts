import { z } from 'zod';
import { type Listening, listen, type Received, type Reply } from './listen.ts';

/** What a schema registry holds. */
export interface Subjects {
  level: string;
  subjects: Record<string, { level?: string; versions: string[] }>;
  /** Absent: anybody may ask. */
  authorization?: string;
  /** Nobody answers, or everything fails. */
  trouble?: 'hang' | 'broken';
}

export interface SchemaRegistryServer extends Listening {
  holds: Subjects;
}

const V1 = 'application/vnd.schemaregistry.v1+json';
const Body = z.object({ schema: z.string(), schemaType: z.enum(['AVRO', 'PROTOBUF', 'JSON']).optional() });
const Avro = z.object({
  type: z.literal('record'),
  name: z.string(),
  fields: z.array(z.looseObject({ name: z.string() })),
});
type Avro = z.infer<typeof Avro>;

/**
 * A strict schema registry with as much of Avro's resolution as records of fields need. Paths, codes and media types:
 * confluentinc/schema-registry, `schema-registry-api-spec.yaml` and `rest/exceptions/Errors.java`.
 */
export async function startSchemaRegistry(holds: Subjects): Promise<SchemaRegistryServer> {
  const server = await listen((received) => answer(holds, received));
  return Object.assign(server, { holds });
}

function answer(holds: Subjects, received: Received): Reply {
  if (holds.trouble === 'hang') return 'hang';
  if (holds.trouble === 'broken') return refused(500, 50001, 'Error in the backend data store');
  if (holds.authorization !== undefined && received.headers.authorization !== holds.authorization)
    return refused(401, 401, 'Unauthorized');
  const { method, path } = received;
  const [, compatibility] = /^\/compatibility\/subjects\/([^/]+)\/versions$/.exec(path) ?? [];
  if (method === 'POST' && compatibility)
    return compatible(holds, decodeURIComponent(compatibility), received);
  const [, config] = /^\/config\/([^/]+)$/.exec(path) ?? [];
  if (method === 'GET' && config) return levelOf(holds, decodeURIComponent(config), received);
  const [, versions] = /^\/subjects\/([^/]+)\/versions$/.exec(path) ?? [];
  if (method === 'GET' && versions) {
    const known = holds.subjects[decodeURIComponent(versions)];
    return known
      ? { status: 200, body: known.versions.map((_, i) => i + 1), contentType: V1 }
      : refused(404, 40401, `Subject '${decodeURIComponent(versions)}' not found.`);
  }
  return refused(404, 404, 'HTTP 404 Not Found');
}

function compatible(holds: Subjects, subject: string, { headers, body, query }: Received): Reply {
  if (![V1, 'application/json'].includes(headers['content-type'] ?? ''))
    return refused(415, 415, 'HTTP 415 Unsupported Media Type');
  const asked = Body.safeParse(parsed(body));
  if (!asked.success) return refused(422, 42201, 'Either the input schema or one its references is invalid');
  const schema = Avro.safeParse(parsed(asked.data.schema));
  if (!schema.success)
    return refused(422, 42201, `Invalid schema of type ${asked.data.schemaType ?? 'AVRO'}`);
  const { versions = [], level = holds.level } = holds.subjects[subject] ?? {};
  const looked = level.endsWith('_TRANSITIVE') ? versions : versions.slice(-1);
  const messages = looked.flatMap((text) =>
    breaks(level, { old: Avro.parse(parsed(text)), new: schema.data }),
  );
  // Without `verbose` it says only yes or no.
  const told = new URLSearchParams(query).get('verbose') === 'true' ? { messages } : {};
  return { status: 200, body: { is_compatible: messages.length === 0, ...told }, contentType: V1 };
}

function levelOf(holds: Subjects, subject: string, { query }: Received): Reply {
  const own = holds.subjects[subject]?.level;
  if (own === undefined && new URLSearchParams(query).get('defaultToGlobal') !== 'true')
    return refused(404, 40408, `Subject '${subject}' does not have subject-level compatibility configured`);
  return { status: 200, body: { compatibilityLevel: own ?? holds.level }, contentType: V1 };
}

/** A reader's field that the writer lacks needs a default. Source: https://avro.apache.org/docs/1.12.0/specification/#schema-resolution */
function breaks(level: string, schemas: { old: Avro; new: Avro }): string[] {
  const lacking = (reader: Avro, writer: Avro) =>
    reader.fields
      .filter((field) => !('default' in field) && !writer.fields.some(({ name }) => name === field.name))
      .map(({ name }) => `{errorType:'READER_FIELD_MISSING_DEFAULT_VALUE', additionalInfo:'${name}'}`);
  return [
    ...(/^(BACKWARD|FULL)/.test(level) ? lacking(schemas.new, schemas.old) : []),
    ...(/^(FORWARD|FULL)/.test(level) ? lacking(schemas.old, schemas.new) : []),
  ];
}

function refused(status: number, code: number, message: string): Reply {
  return { status, body: { error_code: code, message }, contentType: V1 };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
