import { placementId } from '../../catalog/placement.ts';
import { own } from '../../document/own.ts';
import { type Finding, findingAt } from '../finding.ts';
import type { FoundRollout, PreflightInput } from '../preflight-input.ts';

/** Whether a document asks for the short way of a hotfix. */
export function isHotfix({ manifest }: Pick<PreflightInput, 'manifest'>): boolean {
  return manifest.spec.type === 'hotfix';
}

/** `hotfix-incident`: a hotfix mends an incident that is open and that its document names. */
export function hotfixIncident({ document, manifest, incident }: PreflightInput): Finding[] {
  const path = ['metadata', 'annotations', INCIDENT_ANNOTATION];
  const finding = (says: string) =>
    findingAt(document, {
      rule: 'hotfix-incident',
      path,
      says,
      remedy: 'Open one with /incident open, and cut with --hotfix INC-n.',
    });
  const named = manifest.metadata.annotations?.[INCIDENT_ANNOTATION];
  if (named === undefined) return [finding('it names no incident that it mends')];
  if (incident === undefined) return [finding(`there is no incident ${named}`)];
  return incident.isOpen ? [] : [finding(`${incident.id} is resolved`)];
}

/** Where a document names the incident that it mends. */
export const INCIDENT_ANNOTATION = 'signalbox/incident';

/** `hotfix-base`: what comes was built from a commit that descends from the one that runs, so that nothing else goes along or is lost. */
export function hotfixBase({ document, plan, notes = {} }: PreflightInput): Finding[] {
  return Object.entries(plan?.services ?? {}).flatMap(([service, { from }]) => {
    const found = (severity: Finding['severity'], says: string) => [
      findingAt(document, {
        rule: 'hotfix-base',
        severity,
        path: ['spec', 'services', service],
        says,
        remedy: 'Build it from a branch that begins at the commit in production.',
      }),
    ];
    if (from === undefined) return found('error', `nothing of ${service} runs here that could be mended`);
    const told = own(notes, service);
    if (told === undefined) return found('unknown', `nobody looked at the source of ${service}`);
    if (told.kind === 'silent') return found('unknown', `${service}: ${told.says}`);
    if (told.undone === 0) return [];
    const [runs, comes] = [told.from.slice(0, 8), told.to.slice(0, 8)];
    return found(
      'error',
      `${service} ${comes} lacks ${told.undone} of the commits that run (${runs}): it does not descend from production`,
    );
  });
}

/** `hotfix-canary`: also in a hurry, what is critical reaches a few before it reaches all. */
export function hotfixCanary({ document, plan, rollouts }: PreflightInput): Finding[] {
  return Object.entries(plan?.services ?? {}).flatMap(([service, { tier, placements }]) => {
    if (tier > 1) return [];
    return placements.flatMap((placement) => {
      const id = placementId(placement);
      const says = whatIsWrong(rollouts[id], id);
      if (says === undefined) return [];
      return [
        findingAt(document, {
          rule: 'hotfix-canary',
          severity: says.kind,
          path: ['spec', 'services', service],
          says: says.words,
          remedy: 'Give its Rollout a step before 100 %, however short, or blueGreen.',
        }),
      ];
    });
  });
}

function whatIsWrong(
  found: FoundRollout | undefined,
  id: string,
): { kind: 'error' | 'unknown'; words: string } | undefined {
  if (found === undefined) return { kind: 'unknown', words: `nobody looked at Rollout ${id}` };
  if (found.kind === 'unreadable') return { kind: 'unknown', words: `Rollout ${id}: ${found.says}` };
  if (found.strategy === 'blueGreen' || (found.strategy === 'canary' && found.steps.length > 0))
    return undefined;
  return { kind: 'error', words: `Rollout ${id} has no step before everybody has it` };
}
