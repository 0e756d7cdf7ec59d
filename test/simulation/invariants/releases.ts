import type { FactEnvelope, ReleaseFact } from '../../../src/domain/ledger/fact.ts';
import type { Plan } from '../../../src/domain/plan/plan.ts';
import { type EntryOf, entriesOf, type History } from '../world/history.ts';

/** A fact with what was so when it was recorded. */
export type FactEntry = EntryOf<'fact'>;

/** The facts of a history, in the order in which they were recorded. */
export function factsIn(history: History): FactEntry[] {
  return entriesOf(history, 'fact');
}

/** The release whose stream a fact is in; absent for other streams. */
export function releaseOf({ stream }: FactEnvelope): string | undefined {
  return stream.startsWith('release:') ? stream.slice('release:'.length) : undefined;
}

/** A release as the laws need it, put together from facts alone and without the product's own fold. */
export interface Told {
  id: string;
  environment: string;
  /** The plan that it was started with, or has now. */
  plan: Plan;
  planHash: string;
  /** Service to the epoch it took; absent before it started. */
  epochs?: Record<string, number>;
  startedAt?: number;
  outcomes: string[];
}

/** Every release of a history, by id. */
export function toldReleases(history: History): Map<string, Told> {
  const releases = new Map<string, Told>();
  for (const { at, fact } of factsIn(history)) {
    const id = releaseOf(fact);
    if (id === undefined) continue;
    const body = fact as ReleaseFact;
    const told = releases.get(id);
    if (body.kind === 'release.cut') {
      const { environment, plan, planHash } = body.data;
      releases.set(id, { id, environment, plan, planHash, outcomes: [] });
    }
    if (told === undefined) continue;
    if (body.kind === 'manifest.adopted')
      Object.assign(told, { plan: body.data.plan, planHash: body.data.planHash });
    if (body.kind === 'release.started') Object.assign(told, { epochs: body.data.epochs, startedAt: at });
    if (body.kind === 'release.ended') told.outcomes.push(body.data.outcome);
  }
  return releases;
}

/** Digest that a plan brings to a service; absent for a service it does not have. */
export function digestOf(plan: Plan, service: string): string | undefined {
  return plan.services[service]?.to.images[service]?.digest;
}
