import { z } from 'zod';
import type { PatchOperation } from '../../domain/rollout/change/rollout-change.ts';
import { TerminalError, UnavailableError } from '../../errors.ts';
import type { ApiAnswer, ApiClient, RequestBody } from './api-client.ts';
import { saysOf } from './api-status.ts';
import type { Identity } from './identity.ts';
import { objectPath, type ResourceKind } from './resources.ts';

/** The object, or the part of it, that a patch is for. */
export interface PatchTarget {
  kind: ResourceKind;
  namespace: string;
  name: string;
  /** Absent: the object itself, whose patches leave the status alone. */
  subresource?: 'status';
}

/** A patch always says which kind it is: the same bytes mean another thing, or nothing, as the other kind. */
export type Patch =
  | { strategy: 'json'; operations: readonly PatchOperation[] }
  | { strategy: 'merge'; value: Record<string, unknown> };

export type Patched =
  | { kind: 'applied'; status: number; subresource?: 'status'; resourceVersion?: string }
  /** A test of the patch failed, or the result would be invalid: the object is not the one that was read. */
  | { kind: 'stale'; reason: string }
  | { kind: 'forbidden'; reason: string; status: number }
  | { kind: 'missing'; reason: string }
  /** Somebody wrote at the same moment: read again. */
  | { kind: 'conflict'; reason: string };

/**
 * Milliseconds a write may take. Admission webhooks may hold one for 10 s by default, 30 s at most:
 * https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#timeouts
 */
const WRITE_MS = 30_000;

const Written = z.object({ metadata: z.object({ resourceVersion: z.string() }) });

/**
 * The one way anything is written to a cluster, in somebody's name. Where an installation has no status subresource
 * (Argo Rollouts before 0.10), the object itself is patched instead, as the plugin does.
 * @throws UnavailableError when the server cannot do it now; TerminalError when it does not understand what we ask.
 */
export async function patchObject(
  client: Pick<ApiClient, 'send'>,
  { target, patch, as }: { target: PatchTarget; patch: Patch; as: Identity },
): Promise<Patched> {
  const { subresource, ...whole } = target;
  const path = `${objectPath(target.kind, target)}${subresource === undefined ? '' : `/${subresource}`}`;
  const answer = await client.send({ method: 'PATCH', path, body: bodyOf(patch), as, deadlineMs: WRITE_MS });
  if (answer.status === 404 && subresource !== undefined) {
    return patchObject(client, { target: whole, patch, as });
  }
  return judge(answer, { path, subresource });
}

function bodyOf(patch: Patch): RequestBody {
  return patch.strategy === 'json'
    ? { contentType: 'application/json-patch+json', json: patch.operations }
    : { contentType: 'application/merge-patch+json', json: patch.value };
}

function judge(answer: ApiAnswer, at: { path: string; subresource: 'status' | undefined }): Patched {
  const { status, retryAfterMs } = answer;
  const reason = saysOf(answer);
  if (status >= 200 && status < 300) {
    const resourceVersion = Written.safeParse(answer.body).data?.metadata.resourceVersion;
    return {
      kind: 'applied',
      status,
      ...(at.subresource && { subresource: at.subresource }),
      ...(resourceVersion !== undefined && { resourceVersion }),
    };
  }
  if (status === 403) return { kind: 'forbidden', reason, status };
  if (status === 404) return { kind: 'missing', reason };
  if (status === 409) return { kind: 'conflict', reason };
  if (status === 422) return { kind: 'stale', reason };
  if (status === 401 || status === 429 || status >= 500) {
    // An error of the server may have come after the object was stored; a refusal to look at the request did not.
    const options = { ambiguous: status >= 500, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    throw new UnavailableError(`PATCH ${at.path}: ${reason}`, options);
  }
  throw new TerminalError(`PATCH ${at.path}: ${reason}`);
}
