import type {
  PactAnswer,
  PactQuestion,
  SchemaAnswer,
  SchemaQuestion,
} from '../domain/contract/contract-answer.ts';

/** Those who keep the contracts between services. Both throw `UnavailableError` when there is no answer in their time. */
export interface Contracts {
  /** Whether the schema registry would take a schema, tested against every version that the level in force asks for. */
  schema(question: SchemaQuestion): Promise<SchemaAnswer>;
  /** Whether the pact broker lets these versions be deployed, together and beside what the environment has. */
  pacts(question: PactQuestion): Promise<PactAnswer>;
}
