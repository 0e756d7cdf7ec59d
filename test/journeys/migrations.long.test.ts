import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FlywayReportServer, startFlywayReport } from '../servers/flyway-report.ts';
import { type People, peopleOf } from './people.ts';
import { SMALL_SHOP } from './shop.ts';
import { type Journey, startJourney, TEST_MS } from './world.ts';

/** What is brought in beside the code, and what removes something after it. */
const file = (lines: string) => `migrations:
  - name: stock-db
    type: flyway
    database: stock
    services: [stock]
    constraint: backwardCompatible
${lines}
rollback: { dbPlan: forwardFix, plan: Put the column back by V9. }
`;
const EXPAND = file('    phase: expand\n    target: "2"');
const CONTRACT = file(
  '    phase: contract\n    target: "3"\n    contractAfter: { soak: 1s, noReadersQuery: sum(old_reads) }',
);

let journey: Journey;
let people: People;
let report: FlywayReportServer;
beforeAll(async () => {
  report = await startFlywayReport({ migrations: [{ version: '1', state: 'Success' }] });
  const environments = { dev: { reportUrl: `${report.url}/info.json` } };
  journey = await startJourney({
    ...SMALL_SHOP,
    databases: { stock: { engine: 'postgresql', environments } },
  });
  people = peopleOf(journey.world);
  await journey.world.gitops.push({
    branch: 'main',
    files: { 'db/expand.yaml': EXPAND, 'db/contract.yaml': CONTRACT },
  });
}, TEST_MS);
afterAll(async () => {
  await journey?.[Symbol.asyncDispose]();
  await report?.[Symbol.asyncDispose]();
});

describe('a release with migrations', { timeout: TEST_MS }, () => {
  it('waits for what adds before its first commit, is held where it failed, and goes on', async () => {
    const { gitops } = journey.world;
    const name = await people.cuts('ana', 'dev', 'stock@1.8.0 migrations=db/expand.yaml');
    const before = await gitops.head('main');
    await people.board(
      'dev',
      name,
      /Migration `stock-db` \(expand, flyway 2 of stock\)\s+waits: not begun yet/,
    );
    expect(await gitops.head('main')).toBe(before);
    report.holds.migrations.push({ version: '2', state: 'Failed' });
    await people.board('dev', name, /HELD[\s\S]*stock-db[\s\S]*flyway repair/);
    expect(await gitops.head('main')).toBe(before);
    report.holds.migrations.splice(1, 1, { version: '2', state: 'Success' });
    await people.presses('ana', 'dev', 'Look again');
    await people.board('dev', name, /released · 1 service proved[\s\S]*there in 12 ms by ci/);
  });

  it('removes something last, in a release of its own, and then older code does not go back in', async () => {
    const { gitops } = journey.world;
    journey.metrics.tells({ traffic: ['3'] });
    const name = await people.cuts('ana', 'dev', 'migrations=db/contract.yaml');
    await people.board('dev', name, /waits: somebody reads what it removes: up to 3/);
    const before = await gitops.head('main');
    report.holds.migrations.push({ version: '3', state: 'Success' });
    await people.board('dev', name, /released[\s\S]*there before this release let it/);
    await people.reads('dev', /no way back beyond migration stock-db[\s\S]*Put the column back by V9/);
    expect(await gitops.head('main')).toBe(before);
    await people.opens(
      'ana',
      '/rollback stock dev',
      /Not rolled back[\s\S]*stock-db of stock[\s\S]*Go forward instead \(forwardFix\): Put the column back by V9\./,
    );
  });
});
