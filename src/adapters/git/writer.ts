import type { Yaml } from '../../ports/yaml.ts';
import type { Operations } from './branch-log.ts';
import type { Clone } from './clone.ts';
import type { Signature } from './write-commit.ts';

/** A repository that is written to, in one turn. */
export interface Writer {
  clone: Clone;
  operations: Operations;
  yaml: Pick<Yaml, 'edit'>;
  committer: Signature;
  /** A branch that takes proposals only gets them at `<propose>/<operation>`; absent: its refusal is the answer. */
  propose?: string | undefined;
  /** Milliseconds since 1970. */
  now(): number;
  /** Aborted when the turn is taken away. */
  signal: AbortSignal;
}
