import { defineConfig } from 'vitest/config';
import { FailuresLast } from './failures-last.ts';

/** What needs nothing but a desk either, and takes minutes: deaths at every effect, long outages, thousands of worlds. */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    reporters: ['default', new FailuresLast()],
    include: ['test/**/*.long.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
