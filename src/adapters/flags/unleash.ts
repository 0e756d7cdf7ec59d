import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { FlagRef } from '../../domain/flag/flag-ref.ts';
import type { FlagAnswer, FlagSetting } from '../../domain/flag/flag-setting.ts';
import { askProvider, type ProviderAnswer, type ReachedProvider, shaped } from './ask-provider.ts';
import { type ProviderApi, type ProviderSet, placeWords } from './provider-api.ts';

const Strategy = z.object({
  id: z.string(),
  name: z.string(),
  disabled: z.boolean().nullish(),
  parameters: z.record(z.string(), z.string()).default({}),
  constraints: z
    .array(z.object({ contextName: z.string(), values: z.array(z.string()).nullish() }))
    .default([]),
  segments: z.array(z.number()).nullish(),
});
type Strategy = z.infer<typeof Strategy>;

/** Source: Unleash, `openapi/spec/feature-environment-schema.ts`. */
const FeatureEnvironment = z.object({ enabled: z.boolean(), strategies: z.array(Strategy).default([]) });
type FeatureEnvironment = z.infer<typeof FeatureEnvironment>;

/** The strategy by which Unleash gives a flag to a share of everybody; its parameters are texts. */
const BY_SHARE = 'flexibleRollout';

/** Unleash, by its admin API. A flag is read and set in one environment of one project. */
export const unleash: ProviderApi = {
  async read(provider, ref) {
    const answer = await askProvider(provider, { method: 'GET', path: featurePath(ref) });
    const refused = refusalOf(provider, ref, answer);
    if (refused) return refused;
    const feature = shaped(provider.name, FeatureEnvironment, answer);
    return { kind: 'seen', seen: { setting: settingOf(feature), revision: revisionOf(feature) } };
  },

  /**
   * Its API compares nothing, so it is compared with what was read the moment before. The share is set before the flag is
   * turned on: the other way round everybody would have it for a moment.
   */
  async set(provider, { ref, to }) {
    if (!to.on)
      return done(
        provider,
        ref,
        await askProvider(provider, { method: 'POST', path: featurePath(ref, 'off') }),
      );
    if (to.share !== undefined) {
      const shared = await setShare(provider, ref, to.share);
      if (shared.kind === 'refused') return shared;
    }
    return done(provider, ref, await askProvider(provider, { method: 'POST', path: featurePath(ref, 'on') }));
  },

  async access(provider, { project, environment }) {
    const answer = await askProvider(provider, {
      method: 'GET',
      path: `api/admin/environments/project/${encodeURIComponent(project)}`,
    });
    if (answer.status === 401) return { kind: 'refused', says: `${provider.name} does not know the token` };
    if (answer.status !== 200)
      return {
        kind: 'refused',
        says: `${provider.name} answers ${answer.status} for project ${project}: ${says(answer)}`,
      };
    const { environments } = shaped(provider.name, ProjectEnvironments, answer);
    // It lists every environment of the installation, also for a project that is not there: those of the project are visible.
    const visible = environments.filter((each) => each.visible);
    if (!visible.some(({ name }) => name === environment)) {
      const there = visible.map(({ name }) => name).join(', ') || 'none';
      return {
        kind: 'refused',
        says: `project ${project} of ${provider.name} has no environment ${environment}, but ${there}`,
      };
    }
    return writeAccess(provider, { project, environment });
  },
};

const ProjectEnvironments = z.object({
  environments: z.array(z.object({ name: z.string(), visible: z.boolean() })),
});

/** What a user or a personal token may do. Source: Unleash, `openapi/spec/me-schema.ts`. */
const Me = z.object({
  permissions: z.array(
    z.object({ permission: z.string(), project: z.string().nullish(), environment: z.string().nullish() }),
  ),
});

/** Source: Unleash, `types/permissions.ts`. */
const NEEDED = ['UPDATE_FEATURE_ENVIRONMENT', 'CREATE_FEATURE_STRATEGY', 'UPDATE_FEATURE_STRATEGY'];

async function writeAccess(
  provider: ReachedProvider,
  { project, environment }: { project: string; environment: string },
) {
  const answer = await askProvider(provider, { method: 'GET', path: 'api/admin/user' });
  const me = answer.status === 200 ? Me.safeParse(answer.body).data : undefined;
  const where = `${environment} of project ${project}`;
  if (me === undefined)
    return {
      kind: 'unsure' as const,
      says: `${provider.name} does not say whether its token may change flags in ${where}`,
    };
  const has = (wanted: string) =>
    me.permissions.some(
      (one) =>
        one.permission === 'ADMIN' ||
        (one.permission === wanted &&
          (one.project === project || one.project === '*') &&
          (!one.environment || one.environment === environment || one.environment === '*')),
    );
  const missing = NEEDED.filter((one) => !has(one));
  return missing.length === 0
    ? { kind: 'writes' as const, says: `flags in ${where} can be read and set` }
    : { kind: 'reads' as const, says: `its token lacks ${missing.join(', ')} for ${where}` };
}

async function setShare(provider: ReachedProvider, ref: FlagRef, share: number): Promise<ProviderSet> {
  const answer = await askProvider(provider, { method: 'GET', path: featurePath(ref) });
  const general = generalOf(shaped(provider.name, FeatureEnvironment, answer).strategies);
  const [first, ...others] = general;
  if (first === undefined) {
    const body = {
      name: BY_SHARE,
      parameters: { rollout: String(share), stickiness: 'default', groupId: ref.key },
      constraints: [],
    };
    const path = featurePath(ref, 'strategies');
    return done(provider, ref, await askProvider(provider, { method: 'POST', path, body }));
  }
  if (first.name !== BY_SHARE || others.length > 0) {
    const names = general.map(({ name }) => name).join(', ');
    const says = `${placeWords(ref)} has ${names} for everybody, and not one ${BY_SHARE} whose share could be set`;
    return { kind: 'refused', why: 'rejected', says };
  }
  // A value that is there already: whoever looks at the patch sees that it is no other strategy's.
  const body = [{ op: 'replace', path: '/parameters/rollout', value: String(share) }];
  const path = featurePath(ref, `strategies/${encodeURIComponent(first.id)}`);
  return done(provider, ref, await askProvider(provider, { method: 'PATCH', path, body }));
}

function settingOf({ enabled, strategies }: FeatureEnvironment): FlagSetting {
  const active = strategies.filter(({ disabled }) => !disabled);
  const narrow = active.filter((strategy) => !isGeneral(strategy));
  const audience = [...new Set(narrow.flatMap(namesOf))].sort();
  if (!enabled) return { on: false, share: 0, value: false, audience };
  // Without any strategy everybody gets it: strategies are alternatives, and none at all asks nothing.
  const share = active.length === 0 ? 100 : Math.max(0, ...generalOf(strategies).map(shareOfStrategy));
  const isSame = share === 0 || share === 100;
  return { on: true, share, ...(isSame && { value: share === 100 }), audience };
}

function generalOf(strategies: readonly Strategy[]): Strategy[] {
  return strategies.filter((strategy) => !strategy.disabled && isGeneral(strategy));
}

/** Whether it is about everybody: no constraint, no segment, no list of users. */
function isGeneral({ name, constraints, segments }: Strategy): boolean {
  return constraints.length === 0 && (segments ?? []).length === 0 && !LISTS.has(name);
}

/** Strategies that name whom they are for. */
const LISTS: ReadonlySet<string> = new Set(['userWithId', 'remoteAddress', 'applicationHostname']);

function shareOfStrategy({ name, parameters }: Strategy): number {
  if (name === 'default') return 100;
  const written = Number(parameters['rollout'] ?? parameters['percentage'] ?? 100);
  return Number.isFinite(written) ? Math.min(100, Math.max(0, written)) : 100;
}

/** Whom a strategy names: the values of its constraints, its segments by number, or its own name. */
function namesOf({ name, constraints, segments }: Strategy): string[] {
  const named = [
    ...constraints.flatMap(({ contextName, values }) => (values?.length ? values : [contextName])),
    ...(segments ?? []).map((id) => `segment ${id}`),
  ];
  return named.length > 0 ? named : [name];
}

/** What Unleash itself numbers is the whole installation; this is about the one flag in its environment. */
function revisionOf({ enabled, strategies }: FeatureEnvironment): string {
  const told = strategies.map(({ id, name, disabled, parameters, constraints, segments }) => [
    id,
    name,
    disabled ?? false,
    Object.entries(parameters).toSorted(),
    constraints,
    segments ?? [],
  ]);
  return createHash('sha256')
    .update(JSON.stringify([enabled, told]))
    .digest('hex')
    .slice(0, 16);
}

function featurePath({ project, key, environment }: FlagRef, more = ''): string {
  const [p, f, e] = [project, key, environment].map(encodeURIComponent);
  return `api/admin/projects/${p}/features/${f}/environments/${e}${more && `/${more}`}`;
}

function refusalOf(
  provider: ReachedProvider,
  ref: FlagRef,
  answer: ProviderAnswer,
): Exclude<FlagAnswer, { kind: 'seen' }> | undefined {
  if (answer.status === 200) return undefined;
  if (answer.status === 404) return { kind: 'missing', says: `${provider.name} has no ${placeWords(ref)}` };
  return {
    kind: 'refused',
    says: `${provider.name} answers ${answer.status} for ${placeWords(ref)}: ${says(answer)}`,
  };
}

/** 403 is also the answer where changes are to be requested first. */
function done(provider: ReachedProvider, ref: FlagRef, answer: ProviderAnswer): ProviderSet {
  if (answer.status >= 200 && answer.status < 300) return { kind: 'set' };
  const why =
    answer.status === 404
      ? 'missing'
      : answer.status === 401 || answer.status === 403
        ? 'forbidden'
        : 'rejected';
  const more = answer.status === 403 ? '; where change requests are on, raise one there' : '';
  return {
    kind: 'refused',
    why,
    says: `${provider.name} answers ${answer.status} for ${placeWords(ref)}: ${says(answer)}${more}`,
  };
}

/** What it says about itself, in its own words and no more of them than people read. */
function says({ body }: ProviderAnswer): string {
  const read = z.object({ message: z.string() }).safeParse(body);
  return read.success ? read.data.message.slice(0, 300) : 'no reason given';
}
