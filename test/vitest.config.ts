import { defineConfig } from 'vitest/config';
import { FailuresLast } from './failures-last.ts';

/** What starts no server: its files share workers, because most of their time was the start of a worker for each. */
const PURE = ['test/{commands,config,domain,gates,jobs,views}/**/*.test.ts'];

/** The desk tier: needs Node, npm, git and a Redis program, and passes anywhere. Other tiers have runners of their own. */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    reporters: ['default', new FailuresLast()],
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    projects: [
      { extends: true, test: { name: 'pure', include: PURE, pool: 'threads', isolate: false } },
      {
        extends: true,
        test: {
          name: 'desk',
          include: ['test/**/*.test.ts'],
          exclude: ['test/real/**', 'test/cluster/**', 'test/**/*.long.test.ts', 'node_modules/**', ...PURE],
          pool: 'forks',
        },
      },
    ],
  },
});
