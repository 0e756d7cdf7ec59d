/** A database as the configuration has it. */
export interface DatabaseRules {
  /** Role whose members sign migrations off; absent: nobody is asked besides. */
  signOff?: string | undefined;
  /** Environments in which it can be read. */
  environments: readonly string[];
}
