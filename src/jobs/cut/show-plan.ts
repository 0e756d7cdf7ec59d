import { authorise } from '../../domain/authorise.ts';
import { trackInTheWay } from '../../domain/environment/environment-state.ts';
import { type ReleaseName, releaseId } from '../../domain/ids.ts';
import type { ReleaseNotes } from '../../domain/notes/release-notes.ts';
import { changedSince, planSeen } from '../../domain/plan/plan-seen.ts';
import { tracksOf } from '../../domain/plan/tracks.ts';
import { valueOrigins } from '../../domain/plan/value-origins.ts';
import { wayBack } from '../../domain/plan/way-back.ts';
import type { Request } from '../../domain/request.ts';
import type { Answer } from '../../ports/message.ts';
import { planCard, planMoved } from '../../views/plan.ts';
import { readRelease } from '../read-state.ts';
import type { Asked, Desk } from '../requests/asked.ts';
import { configMoved } from './config-commits.ts';
import type { Prepared, Wish } from './prepare-release.ts';

/** A request that makes a release of a wish: it can be rehearsed, and made to hold only for what was seen. */
export type Making = Asked<'cut'> | Asked<'promote'>;

/** What would be recorded next. */
interface Made {
  wish: Omit<Wish, 'name'>;
  name: ReleaseName;
  prepared: Extract<Prepared, { kind: 'ready' }>;
}

/** The same with what is told about it. */
interface Shown extends Made {
  notes: ReleaseNotes;
}

/** The plan as an answer, with a button that carries what it shows. */
export async function showPlan(
  { ports, rules, catalog }: Desk,
  asked: Making,
  { wish, name, prepared, notes }: Shown,
): Promise<Answer> {
  const { environment, here, promotedFrom } = wish;
  const { plan, shown, risk } = prepared;
  const release = releaseId(environment.name, name);
  const origin = promotedFrom && (await readRelease(ports.ledger, promotedFrom));
  return planCard({
    plan,
    name,
    promotedFrom,
    rows: shown,
    risk,
    notes,
    origins: wish.origins,
    wayBack: wayBack(plan, here.known),
    inTheWay: trackInTheWay(here, { release, ...tracksOf(plan) }),
    may: authorise(asked.by.roles, asked.request.kind, environment),
    does: { ...inEarnest(asked, { environment: environment.name, name }), seen: planSeen(plan, name) },
    configMoved: origin ? await configMoved(ports, rules, origin.state.plan) : [],
    saidBy: valueOrigins(plan, { catalog: wish.catalog, environment }),
    catalogNotice: catalog.notice(),
    nameOf: (id) => ports.directory.nameOf(id),
  });
}

/** What to say when something else would be done than what the person saw; absent when it is the same, or nothing was seen. */
export function noLongerSeen(asked: Making, { wish, name, prepared }: Made): Answer | undefined {
  const { seen } = asked.request;
  const changes = seen === undefined ? [] : changedSince(seen, planSeen(prepared.plan, name));
  if (changes.length === 0) return undefined;
  const again: Request = {
    ...inEarnest(asked, { environment: wish.environment.name, name }),
    dryRun: true,
  };
  return planMoved({ changes, again });
}

/** The same request without rehearsal. What a promotion means is named in full: `.3` may be another one by the time it is pressed. */
function inEarnest(
  { request }: Making,
  { environment, name }: { environment: string; name: ReleaseName },
): Extract<Request, { kind: 'cut' | 'promote' }> {
  const { dryRun: _, seen: __, ...plain } = request;
  return plain.kind === 'promote' ? { ...plain, release: name, environment } : plain;
}
