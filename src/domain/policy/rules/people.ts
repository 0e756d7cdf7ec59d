import type { Path } from '../../document/fault.ts';
import { own } from '../../document/own.ts';
import type { PersonId } from '../../ids.ts';
import type { Plan } from '../../plan/plan.ts';
import { type Finding, findingAt, type RuleId } from '../finding.ts';
import type { PreflightInput } from '../preflight-input.ts';

/** `owners-declared`: the role that owns a service has somebody in it. */
export function ownersDeclared(input: PreflightInput): Finding[] {
  return Object.entries(input.plan?.services ?? {}).flatMap(([service, { owner }]) => {
    const isAsked = own(input.plan?.approvals.owners ?? {}, service) !== undefined;
    const path = ['spec', 'services', service];
    const members = membersOf(input, owner);
    if (members === undefined)
      return [unread(input, { rule: 'owners-declared', role: owner, isAsked, path })];
    if (members.length > 0) return [];
    return [
      findingAt(input.document, {
        rule: 'owners-declared',
        severity: isAsked ? 'error' : 'warn',
        path,
        says: `nobody is in role ${owner}, which owns ${service}`,
        remedy: `Add people to role ${owner} in signalbox.yaml, or change the owner in the catalog.`,
      }),
    ];
  });
}

/** `maker-checker`: enough people who did not make the release could approve it. */
export function makerChecker(input: PreflightInput): Finding[] {
  const { plan } = input;
  if (plan === undefined) return [];
  return [...enoughApprovers(input, plan), ...anOwnerEach(input, plan)];
}

function enoughApprovers(input: PreflightInput, plan: Plan): Finding[] {
  const { required, from } = plan.approvals;
  const eligible = checkers(
    plan,
    from.flatMap((role) => membersOf(input, role) ?? []),
  );
  if (eligible.size >= required) return [];
  const role = from.find((each) => membersOf(input, each) === undefined);
  const path = ['spec', 'approvals'];
  if (role !== undefined) return [unread(input, { rule: 'maker-checker', role, isAsked: true, path })];
  const who = from.join(', ') || 'no role';
  return [
    findingAt(input.document, {
      rule: 'maker-checker',
      path,
      says: `needs ${required} approvals from ${who}, and only ${eligible.size} there did not make this release`,
      remedy: `Add people to ${who} in signalbox.yaml, or let somebody else cut the release.`,
    }),
  ];
}

function anOwnerEach(input: PreflightInput, plan: Plan): Finding[] {
  const keepers = Object.entries(plan.approvals.databases ?? {}).flatMap(([database, role]) => {
    const members = membersOf(input, role);
    if (members === undefined)
      return [unread(input, { rule: 'maker-checker', role, isAsked: true, path: [] })];
    if (checkers(plan, members).size > 0) return [];
    return [
      findingAt(input.document, {
        rule: 'maker-checker',
        path: ['spec', 'migrations'],
        says: `needs somebody of ${role} for ${database}, and nobody there did not make this release`,
        remedy: `Add somebody to ${role} in signalbox.yaml.`,
      }),
    ];
  });
  const owners = Object.entries(plan.approvals.owners).flatMap(([service, role]) => {
    const members = membersOf(input, role);
    // That nobody is in the role, or that nobody knows who, is said by another rule.
    if (members === undefined || members.length === 0 || checkers(plan, members).size > 0) return [];
    return [
      findingAt(input.document, {
        rule: 'maker-checker',
        path: ['spec', 'services', service],
        says: `needs an owner of ${service} from ${role}, and everybody there made this release`,
        remedy: `Add somebody to ${role} in signalbox.yaml.`,
      }),
    ];
  });
  return [...owners, ...keepers];
}

function checkers(plan: Plan, people: readonly PersonId[]): Set<PersonId> {
  return new Set(people.filter((person) => !plan.makers.includes(person)));
}

function unread(
  input: PreflightInput,
  about: { rule: RuleId; role: string; isAsked: boolean; path: Path },
): Finding {
  return findingAt(input.document, {
    rule: about.rule,
    severity: 'unknown',
    required: about.isAsked,
    path: about.path,
    says: `who is in role ${about.role} could not be read`,
    remedy: 'Try again in a minute.',
  });
}

/** Absent when it could not be read. */
function membersOf(input: PreflightInput, role: string): readonly PersonId[] | undefined {
  return own(input.members, role);
}
