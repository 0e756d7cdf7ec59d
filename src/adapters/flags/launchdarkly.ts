import { z } from 'zod';
import { own } from '../../domain/document/own.ts';
import type { FlagRef } from '../../domain/flag/flag-ref.ts';
import type { FlagSetting, FlagWanted } from '../../domain/flag/flag-setting.ts';
import { askProvider, type ProviderAnswer, type ReachedProvider, shaped } from './ask-provider.ts';
import { type ProviderApi, type ProviderSet, placeWords } from './provider-api.ts';

/** Weights are thousandths of a percent. Source: launchdarkly/api-client-typescript, docs/FeatureFlagsApi.md. */
const PER_PERCENT = 1000;

/** Without the domain model a body of instructions is read as a JSON Patch, and refused with 400. Source: the same. */
const SEMANTIC_PATCH = 'application/json; domain-model=launchdarkly.semanticpatch';

const Served = z.object({
  variation: z.int().nullish(),
  rollout: z
    .object({
      variations: z.array(z.object({ variation: z.int(), weight: z.int() })),
      contextKind: z.string().nullish(),
    })
    .nullish(),
});

const Clause = z.object({
  attribute: z.string().nullish(),
  op: z.string(),
  values: z.array(z.unknown()).default([]),
});

const Environment = z.object({
  on: z.boolean(),
  version: z.int(),
  offVariation: z.int().nullish(),
  fallthrough: Served.nullish(),
  rules: z
    .array(Served.extend({ description: z.string().nullish(), clauses: z.array(Clause).default([]) }))
    .default([]),
  targets: z.array(z.object({ values: z.array(z.string()), variation: z.int() })).default([]),
});
type Environment = z.infer<typeof Environment>;

const Flag = z.object({
  variations: z.array(z.object({ _id: z.string(), value: z.json() })),
  environments: z.record(z.string(), Environment).default({}),
});
type Flag = z.infer<typeof Flag>;

/** LaunchDarkly, by its REST API and semantic patches: all instructions of one apply, or none. */
export const launchDarkly: ProviderApi = {
  async read(provider, ref) {
    const found = await flagOf(provider, ref);
    if (found.kind !== 'found') return found;
    const { flag, environment } = found;
    return {
      kind: 'seen',
      seen: { setting: settingOf(flag, environment), revision: String(environment.version) },
    };
  },

  async set(provider, { ref, to, note }) {
    const found = await flagOf(provider, ref);
    if (found.kind !== 'found')
      return { kind: 'refused', why: found.kind === 'missing' ? 'missing' : 'forbidden', says: found.says };
    const instructions = instructionsFor(found, to);
    if (instructions === undefined) {
      const says = `${placeWords(ref)} has other values than true and false: its share is set at ${provider.name}`;
      return { kind: 'refused', why: 'rejected', says };
    }
    return done(provider, ref, await patch(provider, ref, { comment: note, instructions }));
  },

  async access(provider, { project, environment }) {
    const [p, e] = [project, environment].map(encodeURIComponent);
    const there = await askProvider(provider, {
      method: 'GET',
      path: `api/v2/projects/${p}/environments/${e}`,
    });
    if (there.status === 401) return { kind: 'refused', says: `${provider.name} does not know the token` };
    if (there.status !== 200) {
      const what = `environment ${environment} of project ${project}`;
      return {
        kind: 'refused',
        says: `${provider.name} answers ${there.status} for ${what}: ${says(there)}`,
      };
    }
    return writeAccess(provider, { project, environment });
  },
};

const FlagList = z.object({ items: z.array(z.object({ key: z.string() })) });

/** A rehearsal on whatever flag there is: the token's rights are judged, and nothing changes. */
async function writeAccess(
  provider: ReachedProvider,
  { project, environment }: { project: string; environment: string },
) {
  const where = `${environment} of project ${project}`;
  const list = await askProvider(provider, {
    method: 'GET',
    path: `api/v2/flags/${encodeURIComponent(project)}?limit=1&env=${encodeURIComponent(environment)}`,
  });
  const [first] = list.status === 200 ? shaped(provider.name, FlagList, list).items : [];
  if (first === undefined)
    return {
      kind: 'unsure' as const,
      says: `there is no flag in ${where} to try the token of ${provider.name} on`,
    };
  const ref = { provider: provider.name, project, environment, key: first.key };
  const tried = await patch(provider, ref, { instructions: [{ kind: 'turnFlagOff' }] }, { dryRun: true });
  return tried.status === 200
    ? { kind: 'writes' as const, says: `flags in ${where} can be read and set` }
    : {
        kind: 'reads' as const,
        says: `its token may not set flags in ${where}: ${tried.status} ${says(tried)}`,
      };
}

type Found =
  | { kind: 'found'; flag: Flag; environment: Environment }
  | { kind: 'missing' | 'refused'; says: string };

async function flagOf(provider: ReachedProvider, ref: FlagRef): Promise<Found> {
  const path = `${flagPath(ref)}?env=${encodeURIComponent(ref.environment)}`;
  const answer = await askProvider(provider, { method: 'GET', path });
  if (answer.status === 404) return { kind: 'missing', says: `${provider.name} has no ${placeWords(ref)}` };
  if (answer.status !== 200)
    return {
      kind: 'refused',
      says: `${provider.name} answers ${answer.status} for ${placeWords(ref)}: ${says(answer)}`,
    };
  const flag = shaped(provider.name, Flag, answer);
  const environment = own(flag.environments, ref.environment);
  return environment === undefined
    ? { kind: 'missing', says: `${provider.name} has no ${placeWords(ref)}` }
    : { kind: 'found', flag, environment };
}

function settingOf(flag: Flag, environment: Environment): FlagSetting {
  const { on, offVariation, fallthrough } = environment;
  const yes = indexOfTrue(flag);
  const valueAt = (index: number | null | undefined) =>
    index == null ? undefined : flag.variations[index]?.value;
  const audience = audienceOf(environment, yes);
  if (!on) {
    const value = valueAt(offVariation);
    return {
      on: false,
      ...(yes !== undefined && { share: 0 }),
      ...(value !== undefined && { value }),
      audience,
    };
  }
  const parts = partsOf(fallthrough);
  const share = (parts.find(({ variation }) => variation === yes)?.weight ?? 0) / PER_PERCENT;
  const [only, ...others] = parts.filter(({ weight }) => weight > 0);
  const value = others.length === 0 ? valueAt(only?.variation) : undefined;
  return { on: true, ...(yes !== undefined && { share }), ...(value !== undefined && { value }), audience };
}

/** What those get whom no rule names, by weight: one variation, or a rollout over several. */
function partsOf(served: Environment['fallthrough']): { variation: number; weight: number }[] {
  if (served?.rollout) return served.rollout.variations;
  return served?.variation == null ? [] : [{ variation: served.variation, weight: 100 * PER_PERCENT }];
}

/** The variation `true` of a flag that knows only true and false; absent for any other. */
function indexOfTrue({ variations }: Flag): number | undefined {
  if (!variations.every(({ value }) => typeof value === 'boolean')) return undefined;
  const at = variations.findIndex(({ value }) => value === true);
  return at < 0 ? undefined : at;
}

/** Rules and targets that may give `true`; of a flag of other values, all of them. */
function audienceOf({ rules, targets }: Environment, yes: number | undefined): string[] {
  const gives = (parts: { variation: number; weight: number }[]) =>
    yes === undefined || parts.some(({ variation, weight }) => variation === yes && weight > 0);
  const named = rules.filter((rule) => gives(partsOf(rule))).flatMap(namesOf);
  const people = targets.some(
    ({ values, variation }) => values.length > 0 && (yes === undefined || variation === yes),
  );
  return [...new Set([...named, ...(people ? ['individual targets'] : [])])].sort();
}

/** Segments by their keys; any other rule by its description, or by the attribute that it asks for. */
function namesOf({ clauses, description }: Environment['rules'][number]): string[] {
  const segments = clauses
    .filter(({ op }) => op === 'segmentMatch')
    .flatMap(({ values }) => values.map(String));
  if (segments.length > 0) return segments;
  if (description) return [description];
  return clauses.map(({ attribute, values }) =>
    `${attribute || 'rule'} ${values.map(String).join(' or ')}`.slice(0, 80),
  );
}

type Instruction = { kind: string } & Record<string, unknown>;

/** Absent where a share is asked of a flag that has none. */
function instructionsFor(
  { flag, environment }: Extract<Found, { kind: 'found' }>,
  to: FlagWanted,
): Instruction[] | undefined {
  if (!to.on) return [{ kind: 'turnFlagOff' }];
  const on = environment.on ? [] : [{ kind: 'turnFlagOn' }];
  if (to.share === undefined) return on;
  const yes = indexOfTrue(flag);
  const no = flag.variations.findIndex(({ value }) => value === false);
  const [given, kept] = [yes === undefined ? undefined : flag.variations[yes], flag.variations[no]];
  if (given === undefined || kept === undefined) return undefined;
  const kind = 'updateFallthroughVariationOrRollout';
  if (to.share === 0 || to.share === 100)
    return [{ kind, variationId: (to.share === 100 ? given : kept)._id }, ...on];
  const weight = Math.round(to.share * PER_PERCENT);
  const rolloutWeights = { [given._id]: weight, [kept._id]: 100 * PER_PERCENT - weight };
  const rolloutContextKind = environment.fallthrough?.rollout?.contextKind ?? 'user';
  return [{ kind, rolloutContextKind, rolloutWeights }, ...on];
}

/** A rehearsal has the same answer and changes nothing. */
function patch(
  provider: ReachedProvider,
  ref: FlagRef,
  body: { comment?: string; instructions: Instruction[] },
  { dryRun = false } = {},
): Promise<ProviderAnswer> {
  return askProvider(provider, {
    method: 'PATCH',
    path: `${flagPath(ref)}${dryRun ? '?dryRun=true' : ''}`,
    headers: { 'content-type': SEMANTIC_PATCH },
    body: { environmentKey: ref.environment, ...body },
  });
}

function flagPath({ project, key }: FlagRef): string {
  return `api/v2/flags/${encodeURIComponent(project)}/${encodeURIComponent(key)}`;
}

/** 405: the environment asks for an approval of its own. 409: somebody else was at it in the same moment. */
function done(provider: ReachedProvider, ref: FlagRef, answer: ProviderAnswer): ProviderSet {
  if (answer.status === 200) return { kind: 'set' };
  if (answer.status === 409)
    return { kind: 'refused', why: 'stale', says: `somebody else changed ${ref.key} in the same moment` };
  const forbidden = [401, 403, 405].includes(answer.status);
  const why = answer.status === 404 ? 'missing' : forbidden ? 'forbidden' : 'rejected';
  const more = answer.status === 405 ? '; this environment asks for an approval there' : '';
  return {
    kind: 'refused',
    why,
    says: `${provider.name} answers ${answer.status} for ${placeWords(ref)}: ${says(answer)}${more}`,
  };
}

function says({ body }: ProviderAnswer): string {
  const read = z.object({ message: z.string() }).safeParse(body);
  return read.success ? read.data.message.slice(0, 300) : 'no reason given';
}
