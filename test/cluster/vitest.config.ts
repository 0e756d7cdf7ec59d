import { defineConfig } from 'vitest/config';
import { FailuresLast } from '../failures-last.ts';

/** The tier on a real control plane. Its programs are built beforehand by `run.ts`. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    reporters: ['default', new FailuresLast()],
    include: ['test/cluster/**/*.test.ts'],
    pool: 'forks',
    // A control plane takes both cores of a small machine while it starts.
    fileParallelism: false,
    // Cases share one control plane: with more at a time they wait for each other and not for what they look at.
    maxConcurrency: 4,
    testTimeout: 60_000,
    // Twelve seconds with Argo CD on an idle machine, a hundred on one with ten times more to do than it has cores.
    hookTimeout: 240_000,
  },
});
