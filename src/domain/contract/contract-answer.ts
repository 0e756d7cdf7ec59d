import type { EnvironmentName } from '../ids.ts';
import type { EnforcedLevel } from './compatibility.ts';

/** Whether a registry would take a schema for a subject. */
export interface SchemaQuestion {
  subject: string;
  schemaType: 'AVRO' | 'PROTOBUF' | 'JSON';
  /** The schema's own text. */
  schema: string;
}

export type SchemaAnswer =
  | {
      kind: 'judged';
      isCompatible: boolean;
      /** Why not, in the registry's words. */
      messages: string[];
      level: EnforcedLevel;
      /** The registry has no version of this subject, so that anything is compatible. */
      isNew: boolean;
    }
  /** It understood the question and says no to it: an invalid schema, an unknown level, a refused account. */
  | { kind: 'refused'; says: string }
  | { kind: 'notConfigured' };

/** Whether these versions may be deployed together, and beside what an environment has. */
export interface PactQuestion {
  /** By name of our environment. */
  environment: EnvironmentName;
  /** At least one; sorted by name, so that the same question is the same. */
  versions: readonly { pacticipant: string; version: string }[];
}

export type PactAnswer =
  | {
      kind: 'judged';
      /** null: the broker does not know, for a verification is missing. */
      deployable: boolean | null;
      reason: string;
      /** Pacts that were looked at. 0 makes `deployable` true, and says nothing. */
      rows: number;
    }
  | { kind: 'refused'; says: string }
  | { kind: 'notConfigured' };

/** A file of evidence as Git has it. */
export type EvidenceFile =
  | { kind: 'read'; value: unknown }
  /** It is not there, or not readable. */
  | { kind: 'refused'; says: string };

/** What the world said to one question. `unknown`: nobody answered in time. */
export type ContractAnswer =
  | { of: 'schema'; answer: SchemaAnswer }
  | { of: 'pact'; answer: PactAnswer }
  | { of: 'file'; answer: EvidenceFile }
  | { of: 'unknown'; says: string };
