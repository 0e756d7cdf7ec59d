import { z } from 'zod';
import type { Actor } from '../../domain/actor.ts';
import { UnavailableError } from '../../errors.ts';
import type { ApiClient } from './api-client.ts';
import { saysOf } from './api-status.ts';
import { identityOf } from './identity.ts';

/** A right that is asked for, as RBAC names it. */
export interface AccessAsked {
  namespace: string;
  verb: string;
  /** Empty for the core group. */
  group: string;
  resource: string;
  subresource?: string;
}

export interface AccessAnswer {
  allowed: boolean;
  /** What the API server adds; for people. */
  reason: string;
}

/** Milliseconds one question may take. */
const ASK_MS = 5_000;

const Review = z.object({ status: z.object({ allowed: z.boolean(), reason: z.string().nullish() }) });

/**
 * Asks the API server, as the actor, whether it would let the actor do something. A bot that may not even act for the
 * actor gets the answer no, with the server's words.
 * @throws UnavailableError when there is no answer.
 */
export async function reviewAccess(
  client: Pick<ApiClient, 'send'>,
  { actor, asked }: { actor: Actor; asked: AccessAsked },
): Promise<AccessAnswer> {
  const answer = await client.send({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: {
      contentType: 'application/json',
      json: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: asked },
      },
    },
    ...(actor.kind !== 'system' && { as: identityOf(actor) }),
    deadlineMs: ASK_MS,
  });
  if (answer.status === 403) return { allowed: false, reason: saysOf(answer) };
  const review = Review.safeParse(answer.body);
  if (!review.success) throw new UnavailableError(`an access review was answered with: ${saysOf(answer)}`);
  return { allowed: review.data.status.allowed, reason: review.data.status.reason ?? '' };
}
