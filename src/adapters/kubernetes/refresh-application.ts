import { z } from 'zod';
import type { Effect } from '../../domain/effect.ts';
import { UnavailableError } from '../../errors.ts';
import type { ClusterDone } from '../../ports/cluster.ts';
import type { Identity } from './identity.ts';
import { type PatchTarget, patchObject } from './patch-object.ts';
import { readObjectNow } from './read-now.ts';
import { type Conflict, recorder } from './receipts.ts';
import { APPLICATIONS } from './resources.ts';
import type { WriteContext } from './write-context.ts';

type Refresh = Extract<Effect, { kind: 'argocd.refresh' }>;

/**
 * Argo CD compares with Git at once where it finds this annotation, and takes it away.
 * Source: `AnnotationKeyRefresh` of argoproj/argo-cd pkg/apis/application/v1alpha1/application_annotations.go.
 */
const REFRESH = 'argocd.argoproj.io/refresh';

const Asked = z.object({
  metadata: z.object({
    resourceVersion: z.string(),
    annotations: z.object({ [REFRESH]: z.string().nullish() }).nullish(),
  }),
});

export function applicationTarget({ namespace, application }: Refresh): PatchTarget {
  return { kind: APPLICATIONS, namespace, name: application };
}

/** Asks Argo CD to look at Git now instead of at its next poll; once is enough until it did. */
export async function refreshApplication(
  context: WriteContext,
  { effect, as }: { effect: Refresh; as: Identity },
): Promise<ClusterDone | Conflict> {
  const target = applicationTarget(effect);
  const record = recorder(context, target);
  const read = await readObjectNow(context.client, target);
  if (read.kind === 'missing') return record.missing();
  if (read.kind === 'unknown') throw new UnavailableError(read.reason);
  const asked = Asked.safeParse(read.body).data?.metadata;
  if (asked?.annotations?.[REFRESH]) return record.found(asked.resourceVersion);
  // A merge patch, because an Application without annotations has no place to add one to.
  const value = { metadata: { annotations: { [REFRESH]: 'normal' } } };
  return record.patched(
    await patchObject(context.client, { target, patch: { strategy: 'merge', value }, as }),
    as,
  );
}
