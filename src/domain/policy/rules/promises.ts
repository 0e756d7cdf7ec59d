import { notCarriedOut } from '../../manifest/not-carried-out.ts';
import { tierNumber } from '../../manifest/service-schema.ts';
import { declaredServices } from '../../plan/declared-services.ts';
import type { PlanInput } from '../../plan/plan-input.ts';
import { type Finding, findingAt } from '../finding.ts';

/** `not-carried-out`: nothing is promised that would not be done. */
export function everythingIsCarriedOut(input: PlanInput): Finding[] {
  const found = [...notCarriedOut(input.manifest), ...chartVersions(input), ...rollbackType(input)];
  return found.map(({ path, remedy }) =>
    findingAt(input.document, {
      rule: 'not-carried-out',
      path,
      says: 'is understood, and not carried out by this version',
      remedy,
    }),
  );
}

/** `no-weakening`: a manifest may ask for more than the configuration and the catalog do, never for less. */
export function nothingIsWeakened(input: PlanInput): Finding[] {
  return [...approvalsWeakened(input), ...tiersWeakened(input)];
}

/** A chart's version goes where the placements say it stands; where they say nothing, it would go nowhere. */
function chartVersions(input: PlanInput): { path: string[]; remedy: string }[] {
  return declaredServices(input)
    .filter(({ written }) => written.chartVersion !== undefined)
    .filter(
      ({ placements }) => !placements.every((placement) => placement.git?.keys?.chartVersion !== undefined),
    )
    .map(({ name }) => ({
      path: ['spec', 'services', name, 'chartVersion'],
      remedy: 'Say under keys.chartVersion of the placement in the catalog where it is written.',
    }));
}

function rollbackType(input: PlanInput): { path: string[]; remedy: string }[] {
  if (input.manifest.spec.type !== 'rollback') return [];
  return [{ path: ['spec', 'type'], remedy: 'Use /rollback: it finds the content to go back to by itself.' }];
}

function approvalsWeakened(input: PlanInput): Finding[] {
  const { approvals } = input.manifest.spec;
  const rules = input.environment.approvals;
  const faults: { key: string; says: string }[] = [];
  if (approvals?.required !== undefined && approvals.required < rules.required) {
    faults.push({
      key: 'required',
      says: `asks for ${approvals.required}, and ${input.environment.name} for ${rules.required}`,
    });
  }
  const added = (approvals?.from ?? []).filter((role) => !rules.from.includes(role));
  if (rules.from.length > 0 && added.length > 0) {
    faults.push({
      key: 'from',
      says: `adds ${added.join(', ')}, and ${input.environment.name} counts ${rules.from.join(', ')}`,
    });
  }
  if (approvals?.from?.length === 0 && rules.from.length > 0) {
    faults.push({ key: 'from', says: 'is nobody' });
  }
  if (approvals?.makerChecker === false) {
    faults.push({ key: 'makerChecker', says: 'is false, and nobody approves a release of their own' });
  }
  return faults.map(({ key, says }) =>
    findingAt(input.document, {
      rule: 'no-weakening',
      path: ['spec', 'approvals', key],
      says,
      remedy: 'Leave it out, or ask for more; signalbox.yaml decides the least.',
    }),
  );
}

function tiersWeakened(input: PlanInput): Finding[] {
  return declaredServices(input).flatMap(({ name, written, entry }) => {
    if (written.tier === undefined || tierNumber(written.tier) <= entry.tier) return [];
    return [
      findingAt(input.document, {
        rule: 'no-weakening',
        path: ['spec', 'services', name, 'tier'],
        says: `is ${tierNumber(written.tier)}, and the catalog has ${entry.tier}`,
        remedy: 'Change the tier in the catalog, or leave it out here.',
      }),
    ];
  });
}
