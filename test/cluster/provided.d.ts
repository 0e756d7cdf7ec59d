import 'vitest';

declare module 'vitest' {
  /** What `run.ts` tells the tests. All of it is absent when a test is run without it. */
  export interface ProvidedContext {
    /** A kubeconfig file; absent: the tests start a control plane of their own. */
    existing?: string;
    /** Whether the table of README.md is to be written instead of compared. */
    writeTable?: boolean;
  }
}
