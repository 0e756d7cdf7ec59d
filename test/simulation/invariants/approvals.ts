import type { ReleaseFact } from '../../../src/domain/ledger/fact.ts';
import type { Plan } from '../../../src/domain/plan/plan.ts';
import { isMember, rolesOf } from '../world/people.ts';
import type { Law } from './law.ts';
import { factsIn, releaseOf } from './releases.ts';

/** A release on its way to be approved. */
interface Asking {
  plan: Plan;
  planHash: string;
  given: Set<string>;
  /** Person to the services for whose owning their word was kept. */
  kept: Map<string, readonly string[]>;
}

export const approvalsAreOthers: Law = {
  name: 'nothing starts before enough people, none of them its maker, approved this very plan',
  breaches({ history }) {
    const asking = new Map<string, Asking>();
    return factsIn(history).flatMap(({ fact }) => {
      const id = releaseOf(fact);
      if (id === undefined) return [];
      const body = fact as ReleaseFact;
      const now = asking.get(id);
      if (body.kind === 'release.cut' || body.kind === 'manifest.adopted')
        asking.set(id, {
          plan: body.data.plan,
          planHash: body.data.planHash,
          given: new Set(),
          kept: new Map(),
        });
      if (now === undefined) return [];
      if (body.kind === 'approvals.voided') {
        now.given.clear();
        now.kept.clear();
      }
      if (body.kind === 'approval.kept')
        return keptFrom(id, { now, was: asking.get(body.data.from), kept: body.data });
      if (body.kind === 'approval.granted') return granted(id, now, body.data);
      return body.kind === 'release.started' ? missing(now).map((says) => `${id} started ${says}`) : [];
    });
  },
};

function granted(id: string, now: Asking, approval: { person: string; planHash: string }): string[] {
  const { person, planHash } = approval;
  const breaches: string[] = [];
  if (now.plan.makers.some((maker) => maker === person))
    breaches.push(`${id} was approved by its maker ${person}`);
  if (planHash !== now.planHash) breaches.push(`${person} approved another plan of ${id}`);
  if (!isMember(person)) breaches.push(`${id} was approved by ${person}, who is no member`);
  now.given.add(person);
  return breaches;
}

/** A kept word was given to the other release, by somebody who did not make this one, about the very same move. */
function keptFrom(
  id: string,
  {
    now,
    was,
    kept: { person, services },
  }: { now: Asking; was: Asking | undefined; kept: { person: string; services: readonly string[] } },
): string[] {
  const about = (asking: Asking | undefined, service: string) => {
    const planned = asking?.plan.services[service];
    return JSON.stringify([planned?.from?.images, planned?.to.images, planned?.placements, planned?.gates]);
  };
  const others = services.filter((service) => about(now, service) !== about(was, service));
  const wasGiven = was?.given.has(person) || services.every((each) => was?.kept.get(person)?.includes(each));
  now.kept.set(person, services);
  return [
    ...(wasGiven ? [] : [`${id} kept a word that ${person} never gave`]),
    ...(now.plan.makers.some((maker) => maker === person)
      ? [`${id} kept the word of its maker ${person}`]
      : []),
    ...others.map((service) => `${id} kept ${person}'s word for ${service}, which moves otherwise`),
  ];
}

function keptFor(kept: Asking['kept'], service: string): string[] {
  return [...kept].flatMap(([person, services]) => (services.includes(service) ? [person] : []));
}

/** What a plan lacks to be started; empty for one that has everything. */
function missing({ plan, given, kept }: Asking): string[] {
  if (plan.type === 'rollback') return [];
  const { required, from, owners } = plan.approvals;
  const others = [...given].filter((person) => !plan.makers.some((maker) => maker === person));
  const approvers = others.filter((person) => from.some((role) => rolesOf(person).has(role)));
  const unowned = Object.entries(owners).filter(
    ([service, role]) => ![...others, ...keptFor(kept, service)].some((person) => rolesOf(person).has(role)),
  );
  return [
    ...(approvers.length < required ? [`with ${approvers.length} of ${required} approvals`] : []),
    ...unowned.map(([service]) => `without a word of the owners of ${service}`),
  ];
}
