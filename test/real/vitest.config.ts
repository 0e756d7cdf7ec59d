import { defineConfig } from 'vitest/config';
import { FailuresLast } from '../failures-last.ts';

/** The tier on real programs. `run.ts` fetches them beforehand. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    reporters: ['default', new FailuresLast()],
    include: ['test/real/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
