import { APPLICATIONS, RESOURCES } from '../api/resources.ts';
import { type Controller, type ControllerContext, keyOf, partsOf } from '../controllers/controller.ts';
import { createWorkQueue } from '../controllers/work-queue.ts';
import type { KubeObject } from '../rollout/objects.ts';
import type { Application } from './application-object.ts';
import { comparedStatus, unknownStatus, writeStatus } from './application-status.ts';
import { type Comparison, compare, trackedBy } from './compare.ts';
import type { GitSources } from './git-source.ts';
import { decideSync, sync } from './sync.ts';
import { emptyMemory, type Memory, refresh, type TargetObjects } from './target.ts';

/** Annotation that takes an Application out of the controller's hands. */
const SKIP_RECONCILE = 'argocd.argoproj.io/skip-reconcile';

/** How the GitOps agent works. */
export interface ApplicationsOptions {
  git: GitSources;
  /** Milliseconds between looks at Git without being asked; Argo CD: two to three minutes. */
  pollMs: number;
  /** Milliseconds from drift to its correction; measured on Argo CD: one second. */
  selfHealMs: number;
}

/** Runs Argo CD's application controller, as far as a release needs it. */
export function startApplications(context: ControllerContext, options: ApplicationsOptions): Controller {
  const { store, scheduler, reactionMs, failed } = context;
  const memories = new Map<string, Memory>();
  const queue = createWorkQueue({
    scheduler,
    delayMs: reactionMs,
    failed,
    async work(key) {
      const memory = memories.get(key) ?? emptyMemory();
      memories.set(key, memory);
      const waitMs = await reconcile(context, options, { key, memory });
      if (waitMs !== undefined) queue.addAfter(key, waitMs);
    },
  });
  const unsubscribe = store.subscribe(({ resource, object }) => {
    if (resource === APPLICATIONS) queue.add(keyOf(object.metadata));
    const name = trackedBy(object);
    if (name === undefined) return;
    const owners = store.list(APPLICATIONS).filter(({ metadata }) => metadata.name === name);
    for (const { metadata } of owners) queue.add(keyOf(metadata));
  });
  return {
    stop() {
      unsubscribe();
      queue.stop();
    },
  };
}

/** Looks at one Application. Answers after how many milliseconds to look again. */
async function reconcile(
  context: ControllerContext,
  options: ApplicationsOptions,
  at: { key: string; memory: Memory },
): Promise<number | undefined> {
  const { memory } = at;
  const read = (): Application | undefined => {
    const { namespace, name } = partsOf(at.key);
    const app = context.store.get(APPLICATIONS, namespace, name);
    return app?.metadata.annotations?.[SKIP_RECONCILE] === 'true' ? undefined : app;
  };
  const app = read();
  if (app === undefined) return undefined;
  await refresh(context, options, { app, memory });
  // Reading Git took its time.
  const current = read();
  const { target, lookedAt } = memory;
  if (current === undefined || target === undefined) return undefined;
  const pollMs = Math.max(0, lookedAt + options.pollMs - context.scheduler.now());
  if (target.kind === 'failure') {
    writeStatus(context, current, unknownStatus(current, { message: target.message, lookedAt }));
    return pollMs;
  }
  const healMs = synchronize(context, options, { app: current, memory, target });
  return Math.min(pollMs, healMs ?? pollMs);
}

/** Compares, applies where the policy says so, and writes the status. Answers when self-heal is due, in milliseconds. */
function synchronize(
  context: ControllerContext,
  options: ApplicationsOptions,
  at: { app: Application; memory: Memory; target: TargetObjects },
): number | undefined {
  const { app, memory, target } = at;
  const look = (): Comparison => compare(context.store, target.objects, objectsOf(context, app));
  const comparison = look();
  const decision = decideSync(app, { comparison, revision: target.revision });
  const healMs =
    decision === 'heal' ? msToHeal(memory, context.scheduler.now(), options.selfHealMs) : undefined;
  if (comparison.isSynced) memory.driftedAt = undefined;
  const isNow = decision === 'sync' || (decision === 'heal' && healMs === 0);
  const outcome = isNow ? sync(context, app, { target, comparison }) : {};
  if (isNow) memory.driftedAt = undefined;
  const known = { ...app, status: { ...app.status, ...outcome } };
  const status = comparedStatus(known, {
    comparison: isNow ? look() : comparison,
    target,
    lookedAt: memory.lookedAt,
  });
  writeStatus(context, app, status);
  return isNow ? undefined : healMs;
}

function msToHeal(memory: Memory, now: number, selfHealMs: number): number {
  memory.driftedAt ??= now;
  return Math.max(0, memory.driftedAt + selfHealMs - now);
}

function objectsOf({ store }: ControllerContext, { metadata }: Application): KubeObject[] {
  const all = RESOURCES.flatMap((resource) => store.list(resource));
  return all.filter((object) => trackedBy(object) === metadata.name);
}
