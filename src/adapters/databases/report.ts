import { z } from 'zod';
import type { AppliedMigration, MigrationHistory } from '../../domain/migration/migration-history.ts';
import { UnavailableError } from '../../errors.ts';
import { createHttp, unreachable } from '../http.ts';

/** A report of a tool that somebody else's job has left where it can be fetched. */
export interface ReportAddress {
  url: string;
  authorization?: string | undefined;
  timeoutMs: number;
}

/** A history of thousands of migrations stays below. */
const MAX_BYTES = 8 * 1024 * 1024;

/** `flyway info -outputType=json`. Source: flyway/flyway, `output/InfoResult.java`, `output/InfoOutput.java`. */
const FlywayInfo = z.object({
  operation: z.literal('info'),
  migrations: z.array(
    z.object({
      category: z.string(),
      version: z.string().nullish(),
      rawVersion: z.string().nullish(),
      description: z.string().nullish(),
      installedOnUTC: z.string().nullish(),
      state: z.string(),
      filepath: z.string().nullish(),
      installedBy: z.string().nullish(),
      executionTime: z.number().nullish(),
    }),
  ),
});

/** Source: flyway/flyway, `api/MigrationState.java`. What has not been applied is none of these. */
const OUTCOMES: Readonly<Record<string, AppliedMigration['outcome']>> = {
  Success: 'applied',
  'Out of Order': 'applied',
  Missing: 'applied',
  Future: 'applied',
  Outdated: 'applied',
  Superseded: 'applied',
  Failed: 'failed',
  'Failed (Missing)': 'failed',
  'Failed (Future)': 'failed',
  Undone: 'undone',
  Deleted: 'undone',
  Baseline: 'baseline',
};

/** Reads Flyway's own report. Throws `UnavailableError` without an answer. */
export async function readReport({
  url,
  authorization,
  timeoutMs,
}: ReportAddress): Promise<MigrationHistory> {
  const http = createHttp({ timeoutMs, maxBytes: MAX_BYTES });
  const answer = await http
    .get<string>(url, {
      headers: { accept: 'application/json', ...(authorization !== undefined && { authorization }) },
    })
    .catch((error: unknown) => {
      throw unreachable('the report of the migrations', error);
    });
  if (answer.status >= 500 || answer.status === 429)
    throw new UnavailableError(`the report of the migrations answers ${answer.status}`);
  if (answer.status !== 200)
    return { kind: 'refused', says: `the report of the migrations answers ${answer.status}` };
  const read = FlywayInfo.safeParse(parsed(answer.data));
  if (!read.success)
    return {
      kind: 'refused',
      says: 'the report is not what flyway info -outputType=json writes',
    };
  const rows = read.data.migrations.flatMap((one, index): AppliedMigration[] => {
    const outcome = new Map(Object.entries(OUTCOMES)).get(one.state);
    const id = one.rawVersion || one.version;
    if (outcome === undefined || !id) return [];
    const script = one.filepath?.split('/').at(-1) || one.description || id;
    return [
      {
        id,
        order: index + 1,
        at: one.installedOnUTC ?? '',
        outcome,
        script,
        ...(one.installedBy && { by: one.installedBy }),
        ...(one.executionTime !== null &&
          one.executionTime !== undefined && { durationMs: one.executionTime }),
      },
    ];
  });
  return { kind: 'rows', rows };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
