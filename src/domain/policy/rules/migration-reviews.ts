import { durationInWords } from '../../gate/duration.ts';
import { releaseId } from '../../ids.ts';
import { DATA_CONCERNS } from '../../manifest/evidence-schema.ts';
import { phaseOf } from '../../migration/written-phase.ts';
import type { PlanInput } from '../../plan/plan-input.ts';
import { planMigrations } from '../../plan/plan-migrations.ts';
import { verifiedAt } from '../../plan/standing-history.ts';
import { type Finding, findingAt } from '../finding.ts';
import type { PreflightInput } from '../preflight-input.ts';
import type { AskedManifest } from './asked-manifest.ts';

/** `migration-complete`: every migration says enough to be waited for. */
export function migrationComplete(input: PlanInput): Finding[] {
  return planMigrations(input).problems.map((problem) =>
    findingAt(input.document, { rule: 'migration-complete', ...problem }),
  );
}

/** `migration-repeatable`: what was interrupted can be run again, and what was done can be undone. */
export function migrationRepeatable({ document, manifest }: AskedManifest): Finding[] {
  return (manifest.spec.migrations ?? []).flatMap(({ name, idempotent, reversible }, index) => {
    const found = [
      ...(idempotent === false
        ? [{ key: 'idempotent', says: `${name} cannot be run twice`, remedy: 'Make each step look first.' }]
        : []),
      ...(reversible === false
        ? [
            {
              key: 'reversible',
              says: `${name} cannot be taken back`,
              remedy: 'Say under backoutPlan what is done instead.',
            },
          ]
        : []),
    ];
    return found.map(({ key, says, remedy }) =>
      findingAt(document, {
        rule: 'migration-repeatable',
        severity: 'warn',
        path: ['spec', 'migrations', index, key],
        says,
        remedy,
      }),
    );
  });
}

/** `migration-data-reviewed`: somebody has looked at what becomes of people's data when it is filled in or taken away. */
export function migrationDataReviewed({ document, manifest, isLastEnvironment }: AskedManifest): Finding[] {
  if (!isLastEnvironment) return [];
  return (manifest.spec.migrations ?? []).flatMap((migration, index) => {
    if (phaseOf(migration) === 'expand') return [];
    const { name, dataReview } = migration;
    const missing = DATA_CONCERNS.filter((one) => !dataReview?.covers?.includes(one));
    if (missing.length === 0 && dataReview?.by !== undefined) return [];
    const what = missing.length === 0 ? 'its data, by nobody' : missing.join(', ');
    return [
      findingAt(document, {
        rule: 'migration-data-reviewed',
        severity: 'warn',
        path: ['spec', 'migrations', index, ...(dataReview ? ['dataReview'] : [])],
        says: `${name} changes data, and nobody has looked at ${what}`,
        remedy: `Say under dataReview who looked at it, where that stands, and covers: [${DATA_CONCERNS.join(', ')}].`,
      }),
    ];
  });
}

/** `migration-signed-off`: whoever keeps the database is asked, and sees what they sign. */
export function migrationSignedOff(input: PreflightInput): Finding[] {
  const written = input.manifest.spec.migrations ?? [];
  return (input.plan?.migrations ?? []).flatMap(({ name, database, keeper, link }) => {
    const index = written.findIndex((one) => one.name === name);
    const say = (says: string, remedy: string) =>
      findingAt(input.document, {
        rule: 'migration-signed-off',
        severity: 'warn',
        path: ['spec', 'migrations', index],
        says,
        remedy,
      });
    return [
      ...(keeper === undefined && database !== undefined
        ? [
            say(
              `nobody signs ${name} off`,
              `Say under databases.${database}.signOff in signalbox.yaml which role does.`,
            ),
          ]
        : []),
      ...(link === undefined
        ? [say(`${name} has no link to its review`, 'Say under signOff.link where it was looked at.')]
        : []),
    ];
  });
}

/** `contract-after-soak`: what removes something comes after the code that no longer needs it, and is asked about readers. */
export function contractAfterSoak(input: PreflightInput): Finding[] {
  const written = input.manifest.spec.migrations ?? [];
  const usual = input.isLastEnvironment ? 'error' : 'warn';
  return (input.plan?.migrations ?? []).flatMap(({ name, after }) => {
    if (after === undefined) return [];
    const index = written.findIndex((one) => one.name === name);
    const path = ['spec', 'migrations', index, ...(written[index]?.contractAfter ? ['contractAfter'] : [])];
    const say = (severity: Finding['severity'], says: string, remedy: string) =>
      findingAt(input.document, { rule: 'contract-after-soak', severity, path, says, remedy });
    const found: Finding[] = [];
    if (after.soakMs === 0)
      found.push(
        say(
          usual,
          `${name} does not say how long the code without it has to have run`,
          'Say contractAfter.soak, such as 24h.',
        ),
      );
    if (after.noReaders === undefined)
      found.push(
        say(
          usual,
          `${name} does not ask whether anybody still reads what it removes`,
          'Say contractAfter.noReadersQuery, a query that is 0 when nobody does.',
        ),
      );
    if (after.release !== undefined) {
      const id = releaseId(input.environment.name, after.release);
      const since = verifiedAt(input.known, id);
      if (since === undefined)
        found.push(
          say(
            'error',
            `${id} was never verified, and ${name} comes after it`,
            `Release it to ${input.environment.name} first, or correct contractAfter.release.`,
          ),
        );
      else if (input.now !== undefined && input.now < since + after.soakMs)
        found.push(
          say(
            'warn',
            `${id} has run for ${durationInWords(Math.max(0, Math.floor((input.now - since) / 60_000) * 60_000))}: the release waits until ${durationInWords(after.soakMs)} have gone by`,
            'Approve it all the same; it waits by itself.',
          ),
        );
    }
    return found;
  });
}
