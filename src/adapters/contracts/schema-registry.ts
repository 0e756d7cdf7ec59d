import { z } from 'zod';
import { COMPATIBILITY } from '../../domain/contract/compatibility.ts';
import type { SchemaAnswer, SchemaQuestion } from '../../domain/contract/contract-answer.ts';
import { askKeeper, type Keeper, type KeeperAnswer, shaped } from './keeper.ts';

const WHAT = 'schema registry';

/** Source: https://docs.confluent.io/platform/current/schema-registry/develop/api.html#content-types */
const MEDIA_TYPE = 'application/vnd.schemaregistry.v1+json';

const Compatible = z.object({ is_compatible: z.boolean(), messages: z.array(z.string()).default([]) });
const Level = z.object({ compatibilityLevel: z.enum([...COMPATIBILITY, 'NONE']) });
const Versions = z.array(z.int());
const Refusal = z.object({ error_code: z.int(), message: z.string() });

/** `subject not found`. Source: confluentinc/schema-registry, `rest/exceptions/Errors.java`. */
const SUBJECT_NOT_FOUND = 40401;

/**
 * Asks a Confluent schema registry: the check that registration does, against all versions the level in force needs, and the level
 * itself, for a yes under NONE says nothing.
 */
export async function askSchemaRegistry(registry: Keeper, question: SchemaQuestion): Promise<SchemaAnswer> {
  const { schema, schemaType } = question;
  const subject = encodeURIComponent(question.subject);
  const get = (path: string) =>
    askKeeper(WHAT, registry, { method: 'GET', path, headers: { accept: MEDIA_TYPE } });
  const [compatible, config, versions] = await Promise.all([
    askKeeper(WHAT, registry, {
      method: 'POST',
      path: `compatibility/subjects/${subject}/versions?verbose=true&normalize=true`,
      headers: { accept: MEDIA_TYPE, 'content-type': MEDIA_TYPE },
      body: { schema, schemaType },
    }),
    get(`config/${subject}?defaultToGlobal=true`),
    get(`subjects/${subject}/versions`),
  ]);
  const isNew = refusalCode(versions) === SUBJECT_NOT_FOUND;
  const refused = refusal(compatible) ?? refusal(config) ?? (isNew ? undefined : refusal(versions));
  if (refused !== undefined) return { kind: 'refused', says: refused };
  const judged = shaped(WHAT, Compatible, compatible);
  if (!isNew) shaped(WHAT, Versions, versions);
  return {
    kind: 'judged',
    isCompatible: judged.is_compatible,
    messages: judged.messages,
    level: shaped(WHAT, Level, config).compatibilityLevel,
    isNew,
  };
}

/** What a status other than 200 says; absent for 200. */
function refusal(answer: KeeperAnswer): string | undefined {
  if (answer.status === 200) return undefined;
  const said = Refusal.safeParse(answer.body);
  return said.success ? `${said.data.error_code} ${said.data.message}` : `status ${answer.status}`;
}

function refusalCode(answer: KeeperAnswer): number | undefined {
  return answer.status === 404 ? Refusal.safeParse(answer.body).data?.error_code : undefined;
}
