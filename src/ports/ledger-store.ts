import type { History } from '../domain/ledger/restore.ts';

/** The store under the ledger, as restoring sees it. Throws `UnavailableError` when it cannot be reached. */
export interface LedgerStore {
  /** True when no incarnation was ever opened in it, or a filling was cut off. */
  isEmpty(): Promise<boolean>;
  /**
   * Writes a whole history into an empty store. Cut off, it leaves the store empty, and can be begun again. Throws `TerminalError`
   * when the store is not empty.
   */
  fill(history: History): Promise<void>;
}
