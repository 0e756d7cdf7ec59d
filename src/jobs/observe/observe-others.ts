import { policyOf } from '../../domain/actor.ts';
import { placementsOf, servicesIn } from '../../domain/catalog/catalog.ts';
import { environmentStream } from '../../domain/ids.ts';
import type { EnvironmentFactBody } from '../../domain/ledger/fact.ts';
import { nextChangeId, type ObservedChange, openChange } from '../../domain/observe/observed-change.ts';
import { asOf, type ChangeSeen, seeChange } from '../../domain/observe/see-change.ts';
import { observedEnvironments } from '../../domain/observe/what-is-observed.ts';
import type { RolloutView } from '../../domain/rollout/rollout-view.ts';
import type { Rules } from '../../domain/rules.ts';
import type { Ports } from '../../ports/ports.ts';
import { type AdoptPorts, adopt } from '../adopt-baseline.ts';
import type { JudgePorts } from '../judge-gates.ts';
import { readEnvironment } from '../read-state.ts';
import { recordAlways, stamp } from '../record.ts';
import { judgeObserved } from './judge-observed.ts';
import type { ObserveContext, Observed } from './observed.ts';
import { keepRest, restOf } from './rest.ts';
import { freshCommits, type Heads, headsOf } from './seen-commits.ts';
import { tellOfChanges } from './tell-of-changes.ts';
import { versionIn } from './version-in.ts';

export type ObservePorts = AdoptPorts & JudgePorts & Pick<Ports, 'scratch' | 'chat' | 'directory'>;

/**
 * Looks at everything that is only observed: what others change there is written down, its gates are judged as if it were a release,
 * and what comes of it is said. Any number of times. What keeps one service from being looked at keeps no other.
 */
export async function observeOthers(ports: ObservePorts, context: ObserveContext): Promise<void> {
  const environments = observedEnvironments(context.rules);
  if (environments.length === 0) return;
  const catalog = await context.catalog.load();
  const looking = { rules: context.rules, heads: headsOf(ports, context.rules) };
  const failures: unknown[] = [];
  for (const environment of environments) {
    for (const service of servicesIn(catalog, environment.name)) {
      await observeService(ports, looking, { catalog, environment, service }).catch((error: unknown) =>
        failures.push(error),
      );
    }
    await judgeObserved(ports, context, { catalog, environment }).catch((error: unknown) =>
      failures.push(error),
    );
    await tellOfChanges(ports, context.rules, { catalog, environment }).catch((error: unknown) =>
      failures.push(error),
    );
  }
  if (failures.length > 0) throw failures[0];
}

/** What every service of one round shares: each repository is fetched once. */
interface Looking {
  rules: Rules;
  heads: Heads;
}

/** A look may find that one change ended and another began; more than this at once is a cluster that flaps. */
const MOST_STEPS = 4;

async function observeService(ports: ObservePorts, looking: Looking, observed: Observed): Promise<void> {
  for (let i = 0; i < MOST_STEPS; i++) {
    if (!(await step(ports, looking, observed))) return;
  }
}

/** Whether something was written down, so that there may be more. */
async function step(ports: ObservePorts, { rules, heads }: Looking, observed: Observed): Promise<boolean> {
  const { environment, service } = observed;
  const views = viewsOf(ports, observed);
  const { state } = await readEnvironment(ports, environment.name);
  const known = state.known[service]?.[0]?.content;
  // Before it is known what runs, nothing can be told from what is seen.
  if (views === undefined || known === undefined) return false;
  const rest = await restOf(ports, observed, { views, known });
  const commits = await freshCommits(ports, { rules, heads }, { observed, since: rest.heads, state });
  const open = openChange(state.changes, service);
  const last = state.changes.findLast((change) => change.service === service && change.ended);
  const now = ports.clock.now();
  const seen = seeChange({ service, rested: rest.images, views, commits: commits.found, open, last, now });
  if (seen.kind === 'ended' && seen.how === 'serving' && !(await takenUp(ports, rules, observed)))
    return false;
  const fact = await factOf(ports, seen, { observed, open, changes: state.changes });
  if (fact) {
    const told = stamp(ports.clock, { ...fact, actor: policyOf(environment.name) });
    await recordAlways(ports.ledger, environmentStream(environment.name), [told]);
  }
  const hasArrived = seen.kind === 'ended' && (seen.how === 'serving' || seen.how === 'takenBack');
  const [first] = views;
  await keepRest(ports, observed, {
    images: hasArrived && first ? asOf(first, rest.images) : rest.images,
    heads: commits.heads,
  });
  return fact !== undefined;
}

/** What serves now is what the environment is known by from here on; false while its pods cannot prove it. */
async function takenUp(ports: ObservePorts, rules: Rules, observed: Observed): Promise<boolean> {
  const { catalog, environment, service } = observed;
  return adopt(ports, rules, { catalog, environment: environment.name, service });
}

async function factOf(
  ports: Pick<Ports, 'registry'>,
  seen: ChangeSeen,
  at: { observed: Observed; open: ObservedChange | undefined; changes: readonly ObservedChange[] },
): Promise<EnvironmentFactBody | undefined> {
  switch (seen.kind) {
    case 'nothing':
      return undefined;
    case 'began':
    case 'more': {
      const { images, commits } = seen;
      const change = at.open?.id ?? nextChangeId(at.changes);
      const version = images && (await versionIn(ports, images));
      const data = {
        change,
        service: at.observed.service,
        commits: [...commits],
        ...(images && { images }),
        ...(version !== undefined && { version }),
      };
      return { kind: 'observed.seen', data };
    }
    case 'ended':
      return { kind: 'observed.ended', data: { change: at.open?.id ?? '', how: seen.how } };
  }
}

/** All of a service's Rollouts; absent while one is not seen: nothing is concluded from what is not there. */
function viewsOf({ cluster }: Pick<Ports, 'cluster'>, observed: Observed): RolloutView[] | undefined {
  const placements = placementsOf(observed.catalog, {
    service: observed.service,
    environment: observed.environment.name,
  });
  const views = placements.flatMap((placement) => {
    const one = cluster.observe(placement);
    return one.kind === 'seen' ? [one.rollout] : [];
  });
  return views.length === placements.length && views.length > 0 ? views : undefined;
}
