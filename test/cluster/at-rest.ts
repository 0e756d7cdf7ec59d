import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { ClusterCommands } from './kubectl.ts';

/** Longer than the controller's own copy lags behind what it wrote. */
const REST_MS = 300;

const Version = z.object({ metadata: z.object({ resourceVersion: z.string() }) });

/**
 * Returns once nobody has written to a Rollout for a while, or when there is none. A write that comes within some hundred
 * milliseconds of the controller's own may be overlooked by it (https://github.com/argoproj/argo-rollouts/issues/4694), and who
 * looks at what else a write does must not meet that.
 */
export async function atRest(
  { attempt }: Pick<ClusterCommands, 'attempt'>,
  { namespace, name }: { namespace: string; name: string },
): Promise<void> {
  let before: string | undefined;
  for (;;) {
    const read = await attempt('kubectl', 'get', 'rollout', name, '-n', namespace, '-o', 'json');
    if (read.exitCode !== 0) return;
    const { resourceVersion } = Version.parse(JSON.parse(read.stdout)).metadata;
    if (resourceVersion === before) return;
    before = resourceVersion;
    await delay(REST_MS);
  }
}
