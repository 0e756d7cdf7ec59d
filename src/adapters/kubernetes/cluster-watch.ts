import type { Placement } from '../../domain/catalog/placement.ts';
import type { RolloutObject } from '../../domain/rollout/objects/rollout-object.ts';
import { rolloutView } from '../../domain/rollout/read-rollout.ts';
import type { RolloutObserved } from '../../domain/rollout/rollout-view.ts';
import { type ApplicationSeen, watchApplications } from './application-watch.ts';
import { createKept } from './kept.ts';
import { unknown } from './read-now.ts';
import type { ReflectorHealth } from './reflector.ts';
import { type WatchedRollout, watchRollouts } from './rollout-watch.ts';
import { startServerProbe } from './server-probe.ts';
import type { WatchContext } from './watch-context.ts';

/** Everything that is watched in one cluster. */
export interface ClusterWatch extends AsyncDisposable {
  /** Watches where these placements are and nowhere else. */
  want(placements: readonly Placement[]): void;
  observe(placement: Placement): RolloutObserved;
  /** A Rollout alone, as it was last seen; absent when nothing can be said of it. */
  remembered(rollout: Pick<Placement, 'namespace' | 'rollout'>): RolloutObject | undefined;
  health(): ReflectorHealth[];
}

/** `onChanged` is called with each wanted placement of which anything changed. */
export function createClusterWatch(
  given: WatchContext,
  { scope, onChanged }: { scope: 'namespaces' | 'cluster'; onChanged: (placement: Placement) => void },
): ClusterWatch {
  const context: WatchContext = { ...given, onFailed: () => probe.doubt() };
  let wanted: readonly Placement[] = [];
  const ring = (concerned: (placement: Placement) => boolean): void => {
    for (const placement of wanted) if (concerned(placement)) onChanged(placement);
  };
  const unitOf = ({ namespace }: Pick<Placement, 'namespace'>): string =>
    scope === 'cluster' ? '' : namespace;
  const rollouts = createKept((unit) =>
    watchRollouts(context, {
      namespace: unit || undefined,
      onChanged: (key) =>
        ring(
          (each) => unitOf(each) === unit && [undefined, `${each.namespace}/${each.rollout}`].includes(key),
        ),
    }),
  );
  const applications = createKept((namespace) =>
    watchApplications(context, {
      namespace,
      onChanged: (name) =>
        ring(
          ({ argocd }) => argocd?.namespace === namespace && [undefined, argocd.application].includes(name),
        ),
    }),
  );
  const watches = () => [...rollouts.all(), ...applications.all()];
  const probe = startServerProbe(context.client, {
    timing: context.timing.probe,
    random: context.random,
    wanted: () => watches().length > 0,
    found: () => {
      for (const each of watches()) each.renew();
    },
  });
  return {
    want: (placements) => {
      wanted = placements;
      rollouts.keepOnly(placements.map(unitOf));
      applications.keepOnly(placements.flatMap(({ argocd }) => argocd?.namespace ?? []));
    },
    observe: (placement) => {
      const watch = rollouts.get(unitOf(placement));
      if (watch === undefined) return unknown(`namespace ${placement.namespace} is not watched`);
      const { argocd } = placement;
      const application = argocd && applications.get(argocd.namespace)?.find(argocd.application);
      return observed(watch.find(`${placement.namespace}/${placement.rollout}`), application);
    },
    remembered: (rollout) => {
      const seen = rollouts.get(unitOf(rollout))?.find(`${rollout.namespace}/${rollout.rollout}`);
      return seen?.kind === 'found' ? seen.parts.rollout : undefined;
    },
    health: () =>
      watches()
        .flatMap((each) => each.health())
        .map((health) => ({ ...troubled(probe.trouble()), ...health })),
    [Symbol.asyncDispose]: async () => {
      await probe[Symbol.asyncDispose]();
      await Promise.all([rollouts[Symbol.asyncDispose](), applications[Symbol.asyncDispose]()]);
    },
  };
}

function troubled(trouble: string | undefined): Pick<ReflectorHealth, 'trouble'> {
  return trouble === undefined ? {} : { trouble };
}

function observed(seen: WatchedRollout, application: ApplicationSeen | undefined): RolloutObserved {
  switch (seen.kind) {
    case 'missing':
    case 'unknown':
      return seen;
    case 'unreadable':
      return unknown(`the Rollout cannot be read: ${seen.reason}`);
    case 'found': {
      const rollout = rolloutView({ ...seen.parts, ...(application && { application }) });
      return { kind: 'seen', rollout, staleMs: seen.staleMs };
    }
  }
}
