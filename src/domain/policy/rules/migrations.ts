import type { WrittenMigration } from '../../manifest/evidence-schema.ts';
import { phaseOf, usesWhat as uses } from '../../migration/written-phase.ts';
import { type Finding, findingAt } from '../finding.ts';
import type { AskedManifest } from './asked-manifest.ts';

/*
 * What a release document has to say of its migrations, so that old and new code can both work with every state of a database that
 * the release leaves behind. Sources: seeds 000_e3aaf332e5f161c4.txt, 001_ec47633561cc51a1.txt and 004_c72c829131b467e0.txt.
 */

/** `migration-plan-required`: a service that needs another schema brings the migration along. */
export function migrationPlanRequired({ document, manifest }: AskedManifest): Finding[] {
  const { services, migrations = [] } = manifest.spec;
  return Object.entries(services).flatMap(([name, { schemaAffecting }]) => {
    if (schemaAffecting !== true || migrations.some((one) => uses(one, name))) return [];
    return [
      findingAt(document, {
        rule: 'migration-plan-required',
        path: ['spec', 'services', name, 'schemaAffecting'],
        says: `${name} needs another schema, and no migration of this release is for it`,
        remedy: `Add the migration under spec.migrations with services: [${name}], or say schemaAffecting: false.`,
      }),
    ];
  });
}

/** `migration-compatible`: the code that runs now can work with what a migration leaves. */
export function migrationCompatible({ document, manifest, isLastEnvironment }: AskedManifest): Finding[] {
  return perMigration(manifest, ({ migration: { name, constraint }, index }) => {
    if (constraint === 'backwardCompatible' || constraint === 'full') return [];
    const says = constraint === undefined ? 'does not say which code it works with' : `is ${constraint}`;
    return [
      findingAt(document, {
        rule: 'migration-compatible',
        severity: isLastEnvironment ? 'error' : 'warn',
        path: ['spec', 'migrations', index, ...(constraint === undefined ? [] : ['constraint'])],
        says: `migration ${name} ${says}`,
        remedy: 'Make it so that the old code still works, and say constraint: backwardCompatible.',
      }),
    ];
  });
}

/** `migration-backout-plan`: it is known what a migration does, and what is done when it goes wrong. */
export function migrationBackoutPlan({ document, manifest, isLastEnvironment }: AskedManifest): Finding[] {
  const severity = isLastEnvironment ? 'error' : 'warn';
  const { dbPlan } = manifest.spec.rollback ?? {};
  return perMigration(manifest, ({ migration, index }) => {
    const path = ['spec', 'migrations', index];
    const found: { says: string; remedy: string }[] = [];
    if (phaseOf(migration) === undefined) {
      found.push({
        says: `migration ${migration.name} does not say whether it adds, fills or removes`,
        remedy:
          'Say phase: expand, migrate or contract, or let its name end in -expand, -migrate or -contract.',
      });
    }
    if (isBlank(migration.backoutPlan) && (dbPlan === undefined || dbPlan === 'none')) {
      found.push({
        says: `migration ${migration.name} has no backout plan`,
        remedy:
          'Say under backoutPlan what is done when it goes wrong, or under rollback.dbPlan: forwardFix, restore or downMigration.',
      });
    }
    return found.map((words) =>
      findingAt(document, { rule: 'migration-backout-plan', severity, path, ...words }),
    );
  });
}

/** `db-plan-required`: with migrations, a release says what becomes of the database when it is taken back. */
export function dbPlanRequired({ document, manifest }: AskedManifest): Finding[] {
  const { migrations = [], rollback } = manifest.spec;
  if (migrations.length === 0) return [];
  const remedy =
    'Say under rollback.dbPlan: forwardFix, restore or downMigration; none where every migration only adds.';
  if (rollback?.dbPlan === undefined) {
    const path = ['spec', rollback === undefined ? 'migrations' : 'rollback'];
    const says = 'has migrations, and no plan for the database when the release is taken back';
    return [findingAt(document, { rule: 'db-plan-required', path, says, remedy })];
  }
  const lasting = migrations.find((one) => phaseOf(one) !== 'expand');
  if (rollback.dbPlan !== 'none' || lasting === undefined) return [];
  const says = `is none, and migration ${lasting.name} does more than add`;
  return [
    findingAt(document, { rule: 'db-plan-required', path: ['spec', 'rollback', 'dbPlan'], says, remedy }),
  ];
}

/** `no-destructive-with-code`: what removes something goes alone, after the code that no longer needs it. */
export function noDestructiveWithCode({ document, manifest, moves }: AskedManifest): Finding[] {
  const { services, migrations = [] } = manifest.spec;
  const expanding = migrations.filter((one) => phaseOf(one) === 'expand');
  return perMigration(manifest, ({ migration, index }) => {
    if (phaseOf(migration) !== 'contract') return [];
    const users = Object.keys(services).filter((name) => uses(migration, name) && moves(name));
    const adding = expanding.find((one) => (one.database ?? '') === (migration.database ?? ''));
    const found = [
      ...(users.length > 0 ? [`goes with new code of ${users.join(', ')}`] : []),
      ...(adding ? [`goes with ${adding.name}, which adds to the same database`] : []),
    ];
    return found.map((says) =>
      findingAt(document, {
        rule: 'no-destructive-with-code',
        path: ['spec', 'migrations', index],
        says: `migration ${migration.name} removes something, and ${says}`,
        remedy: 'Put it into a release of its own, once nothing reads the old form any more.',
      }),
    );
  });
}

/** A plan that says nothing is none. */
function isBlank(plan: WrittenMigration['backoutPlan']): boolean {
  if (typeof plan === 'string') return plan.trim() === '';
  return plan === undefined || Object.keys(plan).length === 0;
}

function perMigration(
  manifest: AskedManifest['manifest'],
  judge: (one: { migration: WrittenMigration; index: number }) => Finding[],
): Finding[] {
  return (manifest.spec.migrations ?? []).flatMap((migration, index) => judge({ migration, index }));
}
