import { z } from 'zod';
import { DurationMs } from '../domain/gate/duration.ts';
import { EnvironmentName } from '../domain/ids.ts';
import { HttpUrl, Name, VariableName } from './words.ts';

/** A release that waits looks again every few seconds: whoever does not answer by then is asked at the next look. */
const ANSWER_WITHIN = '5s';

/** Where a database is in one environment: itself, or a report that somebody's job keeps up to date. */
const Place = z.union([
  z.strictObject({
    /** Variable with the whole address, user and password in it: `postgresql://reader:…@host:5432/orders`. */
    urlEnv: VariableName,
    /** `off`: for a desk or a private network only. */
    tls: z.enum(['required', 'off']).default('required'),
    /** Certificate authority in PEM; absent: those of the system. */
    caFile: z.string().min(1).optional(),
  }),
  z.strictObject({
    /** Where the answer of `flyway info -outputType=json` can be fetched. */
    reportUrl: HttpUrl,
    tokenEnv: VariableName.optional(),
  }),
]);

const Table = z.string().min(1).max(128);

/** A database whose migrations releases wait for. Nothing is ever written to it. */
export const DatabaseSettings = z
  .strictObject({
    engine: z.enum(['postgresql', 'mysql']),
    /** Role whose members sign its migrations off, and are told when one goes wrong. Absent: nobody is asked besides. */
    signOff: Name.optional(),
    /** Of the tools' tables; PostgreSQL only. */
    schema: Table.default('public'),
    flywayTable: Table.default('flyway_schema_history'),
    /** Absent: as Liquibase names them, in capitals on MySQL. */
    liquibaseTable: Table.optional(),
    liquibaseLockTable: Table.optional(),
    environments: z.record(EnvironmentName, Place).refine((places) => Object.keys(places).length > 0, {
      error: 'needs at least one environment',
    }),
    /** For each question. */
    answerWithin: DurationMs.prefault(ANSWER_WITHIN),
  })
  .transform(({ answerWithin, ...rest }) => ({ ...rest, answerWithinMs: answerWithin }));
export type DatabaseSettings = z.output<typeof DatabaseSettings>;
