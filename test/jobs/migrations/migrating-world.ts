import type { SampleValue } from '../../../src/domain/gate/read-answer.ts';
import type { PersonId, ReleaseId } from '../../../src/domain/ids.ts';
import type { AppliedMigration, MigrationHistory } from '../../../src/domain/migration/migration-history.ts';
import type { Request } from '../../../src/domain/request.ts';
import { UnavailableError } from '../../../src/errors.ts';
import { createMemoryMigrations } from '../../simulation/ports/memory-migrations.ts';
import { wordsOf } from '../../views/fixtures.ts';
import { ANA, plainWorld, SERVICE } from '../plain-world.ts';

export const DORA: PersonId = 'slack:T1:UDORA';

export const EXPAND = `migrations:
  - name: orders-expand
    type: flyway
    target: "2.1"
    database: orders
    services: [${SERVICE}]
    constraint: backwardCompatible
    timeout: 30m
    signOff: { link: "https://git.test/pull/7" }
rollback: { dbPlan: forwardFix, plan: "Add the column by V2.2." }
`;

export const CONTRACT = `migrations:
  - name: orders-contract
    type: flyway
    target: "3"
    database: orders
    services: [${SERVICE}]
    constraint: backwardCompatible
    contractAfter: { soak: 1h, noReadersQuery: "sum(old_reads)" }
    dataReview: { by: Eve, covers: [consent, retention, privacy] }
    signOff: { link: "https://git.test/pull/9" }
rollback: { dbPlan: forwardFix, plan: "Put the column back by V3.1." }
`;

export function applied(order: number, id: string, more: Partial<AppliedMigration> = {}): AppliedMigration {
  return {
    id,
    order,
    at: '2026-11-20T14:00:30.000Z',
    outcome: 'applied',
    script: `V${id}__x.sql`,
    by: 'ci',
    durationMs: 1_200,
    checksum: '7',
    ...more,
  };
}

/** The plain world with a database that Dora keeps, and that a test writes to as a tool would. */
export async function migratingWorld({ signOff = true }: { signOff?: boolean } = {}) {
  const database: { says: () => MigrationHistory; asked: number } = {
    says: () => ({ kind: 'rows', rows: [applied(1, '1')] }),
    asked: 0,
  };
  const metrics: { values: (promql: string) => SampleValue[] | 'away'; asked: string[] } = {
    values: () => [],
    asked: [],
  };
  const world = await plainWorld({
    roles: { dba: [DORA] },
    rules: {
      databases: { orders: { environments: ['prod'], ...(signOff && { signOff: 'dba' }) } },
      gateBook: {
        presets: {},
        prometheus: { main: { scrapeIntervalMs: 15_000 } },
        defaultPrometheus: 'main',
      },
    },
  });
  world.ports.migrations = createMemoryMigrations({
    history: () => {
      database.asked += 1;
      return database.says();
    },
  });
  world.ports.metrics = {
    async queryInstant({ promql, at }) {
      metrics.asked.push(promql);
      const values = metrics.values(promql);
      if (values === 'away') throw new UnavailableError('Prometheus is away');
      const series = values.map((value) => ({ labels: {}, value, at: new Date(at).toISOString() }));
      return { kind: 'series', series, link: 'https://prometheus.test/graph' };
    },
  };
  await world.repository.push({
    branch: 'main',
    files: { 'db/expand.yaml': EXPAND, 'db/contract.yaml': CONTRACT },
  });
  return {
    ...world,
    database,
    metrics,
    /** Rows, oldest first; as long as it is not changed again. */
    has: (...rows: AppliedMigration[]) => {
      database.says = () => ({ kind: 'rows', rows });
    },
    async cutWith(migrations: string, minor?: number): Promise<ReleaseId> {
      const before = await world.newest();
      const version = { kind: 'tag' as const, tag: `1.${minor}.0` };
      await world.ask(ANA, {
        kind: 'cut',
        environment: 'prod',
        services: minor === undefined ? [] : [{ service: SERVICE, version }],
        leaveOut: [],
        migrations,
      });
      const release = await world.newest();
      if (release === before) throw new Error(`nothing was cut: ${told()}`);
      return release;
    },
    async approve(person: PersonId, release: ReleaseId) {
      const { planHash } = await world.state(release);
      const seen = { planHash, state: 'awaitingApproval' };
      await world.ask(person, { kind: 'approve', release, seen } satisfies Request);
    },
    told,
    /** Everything that stands in the channel by now. */
    shown: () => wordsOf(world.workspace.channels.get('CPROD')?.posts.map(({ message }) => message)),
  };
  /** The last answer to a person. */
  function told(): string {
    const answer = world.workspace.told.at(-1)?.answer;
    if (answer?.kind === 'form') return wordsOf([answer.form]);
    return answer !== undefined && 'message' in answer
      ? wordsOf([answer.message.text, answer.message.blocks])
      : '';
  }
}
