import { decideChange, type RolloutVerb } from '../../domain/rollout/change/decide-change.ts';
import { type RolloutPatch, test } from '../../domain/rollout/change/rollout-change.ts';
import { isUnheard } from '../../domain/rollout/unheard.ts';
import { UnavailableError } from '../../errors.ts';
import type { ClusterDone } from '../../ports/cluster.ts';
import type { Identity } from './identity.ts';
import { readRollout } from './look-at.ts';
import { patchObject } from './patch-object.ts';
import { type Conflict, recorder } from './receipts.ts';
import { seeTakenUp } from './see-taken-up.ts';
import { rolloutTarget, type WriteContext } from './write-context.ts';

interface Change {
  verb: RolloutVerb;
  as: Identity;
}

/** Decides what a verb does to a Rollout as it is, and patches it, each part under its own tests. */
export async function changeRollout(context: WriteContext, change: Change): Promise<ClusterDone | Conflict> {
  return (await changeRemembered(context, change)) ?? changeRead(context, change);
}

/**
 * As the watch last saw it, and only if it still is the same: one request instead of two between a person and an abort. Absent
 * when it has to be read: nothing is refused, and nothing found done already, on what is merely remembered.
 */
async function changeRemembered(
  context: WriteContext,
  change: Change,
): Promise<ClusterDone | Conflict | undefined> {
  const remembered = context.remembered?.(change.verb);
  const decided = remembered && decideChange(change.verb, remembered);
  if (decided?.kind !== 'patches') return undefined;
  const [{ part, operations }, ...more] = decided.patches;
  const isSame = test('/metadata/resourceVersion', remembered?.metadata.resourceVersion);
  const done = await patchAll(context, change, [{ part, operations: [isSame, ...operations] }, ...more]);
  return done.kind === 'stale' || done.kind === 'conflict' ? undefined : done;
}

async function changeRead(context: WriteContext, change: Change): Promise<ClusterDone | Conflict> {
  const { verb, as } = change;
  const record = recorder(context, rolloutTarget(verb));
  const read = await readRollout(context.client, verb);
  if (read.kind === 'missing') return record.missing();
  if (read.kind === 'unknown') throw new UnavailableError(read.reason);
  const decided = decideChange(verb, read.rollout);
  switch (decided.kind) {
    case 'found': {
      const { resourceVersion } = read.rollout.metadata;
      if (isUnheard(read.rollout)) await seeTakenUp(context, { rollout: verb, resourceVersion, as });
      return record.found(resourceVersion);
    }
    case 'stale':
      return decided;
    case 'patches':
      return patchAll(context, change, decided.patches);
  }
}

async function patchAll(
  context: WriteContext,
  change: Change,
  [first, ...more]: readonly [RolloutPatch, ...RolloutPatch[]],
): Promise<ClusterDone | Conflict> {
  const record = recorder(context, rolloutTarget(change.verb));
  let done = record.patched(await patchPart(context, change, first), change.as);
  for (const patch of more) {
    if (done.kind !== 'done') return done;
    done = record.patched(await patchPart(context, change, patch), change.as);
    // What the first part set free may have gone on by itself meanwhile: look and decide again.
    if (done.kind === 'stale') return { kind: 'conflict', reason: done.reason };
  }
  return whenTakenUp(context, { ...change, done });
}

async function whenTakenUp<D extends ClusterDone | Conflict>(
  context: WriteContext,
  { verb, as, done }: { verb: RolloutVerb; as: Identity; done: D },
): Promise<D> {
  const resourceVersion = done.kind === 'done' ? done.receipt.kubernetes?.resourceVersion : undefined;
  if (resourceVersion !== undefined) await seeTakenUp(context, { rollout: verb, resourceVersion, as });
  return done;
}

function patchPart(
  { client }: WriteContext,
  { verb, as }: { verb: RolloutVerb; as: Identity },
  { part, operations }: RolloutPatch,
) {
  const target = { ...rolloutTarget(verb), ...(part === 'status' && { subresource: 'status' as const }) };
  return patchObject(client, { target, patch: { strategy: 'json', operations }, as });
}
