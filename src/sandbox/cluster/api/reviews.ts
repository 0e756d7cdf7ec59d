import { z } from 'zod';
import { badRequest, fail, type Outcome, value } from './failure.ts';
import { type Attributes, authorize, rulesOf } from './rbac.ts';
import type { Store } from './store.ts';
import type { User } from './users.ts';

const text = z.string().default('');

const ResourceAttributes = z.object({
  namespace: text,
  verb: text,
  group: text,
  resource: text,
  subresource: text,
  name: text,
});

const AccessSpec = z.object({
  resourceAttributes: ResourceAttributes.optional(),
  nonResourceAttributes: z.object({ path: text, verb: text }).optional(),
  user: z.string().optional(),
  groups: z.array(z.string()).optional(),
});

const Review = z.object({ spec: z.looseObject({}).default({}) });

/** Answers the reviews: may I, may they, what may I, who am I. Absent for any other resource. */
export function answerReview(
  store: Store,
  user: User,
  review: { plural: string; body: unknown },
): Outcome<unknown> | undefined {
  const parsed = Review.safeParse(review.body);
  if (!parsed.success) return fail(badRequest('the object provided is unrecognized (must be a review)'));
  const { spec } = parsed.data;
  switch (review.plural) {
    case 'selfsubjectaccessreviews':
      return access(store, user, { kind: 'SelfSubjectAccessReview', spec });
    case 'subjectaccessreviews':
      return access(store, user, { kind: 'SubjectAccessReview', spec });
    case 'selfsubjectrulesreviews':
      return value(rules(store, user, String(spec['namespace'] ?? '')));
    case 'selfsubjectreviews':
      return value(self(user));
    default:
      return undefined;
  }
}

function access(store: Store, self: User, review: { kind: string; spec: unknown }): Outcome<unknown> {
  const spec = AccessSpec.safeParse(review.spec);
  if (!spec.success) return fail(badRequest(`spec: ${spec.error.issues[0]?.message}`));
  const { resourceAttributes, nonResourceAttributes, user, groups } = spec.data;
  const who = review.kind === 'SubjectAccessReview' ? { name: user ?? '', groups: groups ?? [] } : self;
  const wish: Attributes = {
    user: who,
    isResource: resourceAttributes !== undefined,
    path: nonResourceAttributes?.path ?? '',
    verb: (resourceAttributes ?? nonResourceAttributes)?.verb ?? '',
    group: resourceAttributes?.group ?? '',
    plural: resourceAttributes?.resource ?? '',
    subresource: resourceAttributes?.subresource ?? '',
    namespace: resourceAttributes?.namespace ?? '',
    name: resourceAttributes?.name ?? '',
  };
  const { allowed, reason } = authorize(store, wish);
  const status = reason === '' ? { allowed } : { allowed, reason };
  return value({ ...head('authorization.k8s.io/v1', review.kind), spec: review.spec, status });
}

function rules(store: Store, user: User, namespace: string): Record<string, unknown> {
  const held = rulesOf(store, user, namespace).map(({ rule }) => rule);
  const status = {
    resourceRules: held.filter(({ resources }) => resources.length > 0),
    nonResourceRules: held.filter(({ nonResourceURLs }) => nonResourceURLs.length > 0),
    incomplete: false,
  };
  return { ...head('authorization.k8s.io/v1', 'SelfSubjectRulesReview'), spec: {}, status };
}

function self({ name, groups, extra }: User): Record<string, unknown> {
  const userInfo = { username: name, groups, ...(extra === undefined ? {} : { extra }) };
  return { ...head('authentication.k8s.io/v1', 'SelfSubjectReview'), status: { userInfo } };
}

function head(apiVersion: string, kind: string) {
  return { kind, apiVersion, metadata: { creationTimestamp: null } };
}
