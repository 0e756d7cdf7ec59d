import type { ServiceNotes } from '../../notes/release-notes.ts';
import { type Finding, findingAt } from '../finding.ts';
import type { PreflightInput } from '../preflight-input.ts';

/** Beyond these nobody can say any more what a failure is of. Source of the idea: seed 004 (small batches). */
const MOST = { services: 10, commits: 100 } as const;

/** `batch-size`: few services and few commits at once; a hotfix brings one service. */
export function batchSize({ document, plan, notes = {} }: PreflightInput): Finding[] {
  const services = Object.keys(plan?.services ?? {}).length;
  const commits = Object.values<ServiceNotes>(notes).reduce(
    (sum, told) => sum + (told.kind === 'commits' ? told.total : 0),
    0,
  );
  const most = plan?.type === 'hotfix' ? 1 : MOST.services;
  const said = [
    ...(services > most ? [`${services} services at once, more than ${most}`] : []),
    ...(commits > MOST.commits ? [`${commits} commits at once, more than ${MOST.commits}`] : []),
  ];
  return said.map((says) =>
    findingAt(document, {
      rule: 'batch-size',
      severity: 'warn',
      path: ['spec', 'services'],
      says,
      remedy: 'Release less at once, and more often: /release drop takes services out.',
    }),
  );
}
