import { own } from '../../domain/document/own.ts';
import type { EnvironmentName } from '../../domain/ids.ts';
import type { PlannedMigration } from '../../domain/migration/planned-migration.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import type { PreflightInput, ReadHistory } from '../../domain/policy/preflight-input.ts';
import type { EnvironmentRules, Rules } from '../../domain/rules.ts';
import { UnavailableError } from '../../errors.ts';
import type { Ports } from '../../ports/ports.ts';
import { historyQuestion } from '../observe-migrations.ts';

/**
 * What the tools' tables say of every migration of a plan, here and one environment earlier. Always asked afresh: the same table is
 * good news one minute and bad news the next. Nobody being there is an answer.
 */
export async function askMigrations(
  ports: Pick<Ports, 'migrations'>,
  rules: Pick<Rules, 'databases'>,
  { environment, plan }: { environment: EnvironmentRules; plan: Plan | undefined },
): Promise<PreflightInput['migrations']> {
  const asked = new Map<string, Promise<ReadHistory>>();
  const read = (migration: PlannedMigration, name: EnvironmentName) => {
    const question = historyQuestion(migration, name);
    if (question === undefined) return undefined;
    const key = JSON.stringify(question);
    const answer = asked.get(key) ?? orAway(ports.migrations.history(question));
    asked.set(key, answer);
    return answer;
  };
  const entries = await Promise.all(
    (plan?.migrations ?? []).map(async (migration) => {
      const { previous } = environment;
      const isThere = (name: EnvironmentName) =>
        own(rules.databases ?? {}, migration.database ?? '')?.environments.includes(name);
      const [here, before] = await Promise.all([
        read(migration, environment.name),
        previous !== undefined && isThere(previous) ? read(migration, previous) : undefined,
      ]);
      if (here === undefined) return [];
      const earlier =
        before === undefined || previous === undefined
          ? {}
          : { before: { environment: previous, history: before } };
      return [[migration.name, { here, ...earlier }] as const];
    }),
  );
  return Object.fromEntries(entries.flat());
}

async function orAway(answer: Promise<ReadHistory>): Promise<ReadHistory> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof UnavailableError) return { kind: 'away', says: error.message };
    throw error;
  }
}
