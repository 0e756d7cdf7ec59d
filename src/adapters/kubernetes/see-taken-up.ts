import { LOOK_AGAIN } from '../../domain/rollout/change/wake.ts';
import type { Identity } from './identity.ts';
import { readRollout } from './look-at.ts';
import { patchObject } from './patch-object.ts';
import { rolloutTarget, type WriteContext } from './write-context.ts';

/**
 * Milliseconds until each look whether the controller wrote after us, 2 s in all. A controller with nothing else to do has
 * written after 10 to 100 ms; where it has not by `NUDGES`, the Rollout is touched. Longer is not waited for: the write is
 * done, and a controller that is away takes it up when it comes back.
 */
const LOOKS_MS = [50, 100, 250, 400, 400, 800];
/** Looks after which the Rollout is touched. */
const NUDGES = [3, 5];

/**
 * Waits a moment until the controller has taken up what was written, and touches the Rollout when it shows no sign of it.
 * Without this an abort that lands while Argo Rollouts 1.9.1 or older is at work may never happen (see `isUnheard`).
 * Never throws: the write itself is done whatever becomes of this.
 */
export async function seeTakenUp(
  context: WriteContext,
  written: { rollout: { namespace: string; rollout: string }; resourceVersion: string; as: Identity },
): Promise<void> {
  const { pause } = context;
  if (pause === undefined) return;
  let { resourceVersion } = written;
  for (const [index, ms] of LOOKS_MS.entries()) {
    await pause(ms);
    const present = await versionOf(context, written.rollout);
    if (present === undefined || present !== resourceVersion) return;
    if (NUDGES.includes(index + 1)) resourceVersion = (await touch(context, written)) ?? resourceVersion;
  }
}

/** Absent when it cannot be told, or when there is nothing left to be taken up. */
async function versionOf(
  { client }: WriteContext,
  rollout: { namespace: string; rollout: string },
): Promise<string | undefined> {
  const read = await readRollout(client, rollout);
  return read.kind === 'read' ? read.rollout.metadata.resourceVersion : undefined;
}

async function touch(
  { client, clock }: WriteContext,
  { rollout, as }: { rollout: { namespace: string; rollout: string }; as: Identity },
): Promise<string | undefined> {
  const value = { metadata: { annotations: { [LOOK_AGAIN]: new Date(clock.now()).toISOString() } } };
  try {
    const patched = await patchObject(client, {
      target: rolloutTarget(rollout),
      patch: { strategy: 'merge', value },
      as,
    });
    return patched.kind === 'applied' ? patched.resourceVersion : undefined;
  } catch {
    // The next look, or the next touch, tries again.
    return undefined;
  }
}
