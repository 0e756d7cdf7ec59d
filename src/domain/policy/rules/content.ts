import { placementsOf } from '../../catalog/catalog.ts';
import { sameContent, versionOf } from '../../content.ts';
import { own } from '../../document/own.ts';
import { versionNumber } from '../../plan/needs.ts';
import { compareVersions } from '../../plan/version-order.ts';
import { type Finding, findingAt } from '../finding.ts';
import type { PreflightInput } from '../preflight-input.ts';
import { isHotfix } from './hotfix.ts';

/**
 * `environment-order`: content was verified in the nearest earlier environment in which the service exists. Adopted content
 * was found running there, not proved by a release, and does not count.
 */
export function environmentOrder(input: PreflightInput): Finding[] {
  if (!input.environment.requireVerified) return [];
  return Object.entries(input.plan?.services ?? {}).flatMap(([service, { to }]) => {
    const before = input.earlier.find(
      ({ environment }) => placementsOf(input.catalog, { service, environment }).length > 0,
    );
    if (before === undefined) return [];
    const known = own(before.known, service) ?? [];
    if (known.some(({ content, standing }) => standing === 'verified' && sameContent(content, to))) return [];
    return [
      findingAt(input.document, {
        rule: 'environment-order',
        severity: isHotfix(input) ? 'warn' : 'error',
        path: ['spec', 'services', service],
        says: `${isHotfix(input) ? 'waived for a hotfix: ' : ''}${service} ${versionOf(to)} has not been verified in ${before.environment}`,
        remedy: `Release it to ${before.environment} first, or take what is verified there: /release cut ${input.environment.name}`,
      }),
    ];
  });
}

/** `no-downgrade`: going to a lower version is a rollback, or should be known to whoever approves. */
export function noDowngrade(input: PreflightInput): Finding[] {
  return Object.entries(input.plan?.services ?? {}).flatMap(([service, { from, to }]) => {
    const order = compareVersions(versionNumber(to), versionNumber(from));
    if (from === undefined || order === undefined || order >= 0) return [];
    return [
      findingAt(input.document, {
        rule: 'no-downgrade',
        severity: 'warn',
        path: ['spec', 'services', service],
        says: `${service} goes down from ${versionOf(from)} to ${versionOf(to)}`,
        remedy: 'If it is meant to go back, use /rollback: it takes along what needs the newer one.',
      }),
    ];
  });
}
