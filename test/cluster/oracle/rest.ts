import { isDeepStrictEqual } from 'node:util';
import type { RolloutObserved } from '../../../src/domain/rollout/rollout-view.ts';
import { waitUntil } from '../wait-until.ts';
import { ours, readSnapshot, type Said } from './compare.ts';
import { type PluginWords, pluginWords } from './plugin-words.ts';
import type { RolloutInfo } from './rollout-info.ts';
import type { OracleWorld } from './world.ts';

/** Longest wait for a moment in which nobody wrote while all were asked, in milliseconds. */
const DEADLINE_MS = 15_000;

/**
 * Asks everybody about a Rollout at rest: the two commands as a person would type them, the program that stands for them, the
 * product's look and the product's watch. Throws with what they differ in when they never agree at one resource version.
 */
export async function compareAtRest(world: OracleWorld, name: string): Promise<void> {
  let said: string[] = ['nothing was asked'];
  await waitUntil(
    async () => {
      const before = world.newest(name);
      const [words, look] = await Promise.all([
        pluginWords(world.plane, name),
        world.clusters.look(world.place(name)),
      ]);
      const watched = world.clusters.observe(world.place(name));
      await world.settled(name);
      if (world.newest(name) !== before) return false;
      const info = await world.oracle.ask(before);
      const we = ours(readSnapshot(before));
      said = [
        ...unlike('the commands print', words, asPrinted(info)),
        ...unlike('the look says', heard(look), we),
        ...unlike('the watch says', heard(watched), we),
      ];
      return said.length === 0;
    },
    { what: () => `one word about ${name}: ${said.join('; ')}`, deadlineMs: DEADLINE_MS },
  );
}

function heard(observed: RolloutObserved): Said | RolloutObserved {
  return observed.kind === 'seen' ? ours(observed.rollout) : observed;
}

function unlike(who: string, got: object, wanted: object): string[] {
  return isDeepStrictEqual(got, wanted)
    ? []
    : [`${who} ${JSON.stringify(got)} and not ${JSON.stringify(wanted)}`];
}

/** What the commands print of this. */
function asPrinted(info: RolloutInfo): PluginWords {
  const isFinal = info.status === 'Healthy';
  return {
    status: isFinal ? info.status : `${info.status} - ${info.message}`,
    phase: info.status,
    message: info.message,
    strategy: info.strategy,
    step: info.step,
    setWeight: info.setWeight,
    actualWeight: info.actualWeight,
    images: markedImages(info),
    desired: String(info.desired),
    updated: String(info.updated),
    available: String(info.available),
  };
}

/** Images of ReplicaSets that have Pods; the marks of several with the same image are put together. */
function markedImages(info: RolloutInfo): Record<string, string[]> {
  const marked = new Map<string, Set<string>>();
  for (const replicaSet of info.replicaSets.filter(({ replicas }) => replicas > 0)) {
    const marks = (['canary', 'stable', 'active', 'preview'] as const).filter((mark) => replicaSet[mark]);
    for (const image of replicaSet.images) {
      marked.set(image, new Set([...(marked.get(image) ?? []), ...marks]));
    }
  }
  return Object.fromEntries([...marked].sort().map(([image, marks]) => [image, [...marks].sort()]));
}
