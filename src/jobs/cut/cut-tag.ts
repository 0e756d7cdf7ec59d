import { policyOf } from '../../domain/actor.ts';
import { versionOfTag } from '../../domain/candidate/release-tag.ts';
import { type Catalog, servicesIn } from '../../domain/catalog/catalog.ts';
import type { Request, ServiceChoice } from '../../domain/request.ts';
import type { EnvironmentRules, Rules } from '../../domain/rules.ts';
import { UnavailableError } from '../../errors.ts';
import type { Answer } from '../../ports/message.ts';
import { preflightRefusal, unresolvedAnswer } from '../../views/cut.ts';
import { authorsUnknown } from '../../views/notes.ts';
import { readEnvironment } from '../read-state.ts';
import type { Asked, Carry, Desk } from '../requests/asked.ts';
import { fromRegistry } from './choose-contents.ts';
import { cut } from './cut-release.ts';
import { makeRelease } from './make-release.ts';

type Pushed = Pick<Asked<'cutTag'>, 'id' | 'receivedAt'> & { request: Extract<Request, { kind: 'cutTag' }> };

/** CI builds the image of a tag after the tag: so long it is waited for. */
const GRACE_MS = 30 * 60_000;
const ASK_AGAIN_MS = 15_000;

/** Cuts what a tag names, as the person who pushed it. Says nothing when that went well: the board does. */
export const cutTag: Carry<'cutTag'> = async (desk, asked) => {
  const wanted = await wantedBy(desk, asked);
  if (wanted === undefined) return undefined;
  const { environment, services } = wanted;
  const answer = await cut(desk, {
    ...asked,
    request: { kind: 'cut', environment: environment.name, services, leaveOut: [] },
  });
  return answer?.kind === 'message' ? undefined : answer;
};

/** The same as the first environment's policy, for a login that stands for nobody. */
export async function cutTagAsPolicy(desk: Desk, pushed: Pushed): Promise<Answer | undefined> {
  const wanted = await wantedBy(desk, pushed);
  if (wanted === undefined) return undefined;
  const { environment, services, catalog } = wanted;
  const here = (await readEnvironment(desk.ports, environment.name)).state;
  const chosen = await fromRegistry(desk.ports, catalog, { environment, services });
  if (chosen.unresolved.length > 0)
    return unresolvedAnswer({ environment: environment.name, unresolved: chosen.unresolved });
  const actor = policyOf(environment.name);
  const wish = { environment, catalog, here, ...chosen, requestedBy: actor.id };
  const made = await makeRelease(desk, { id: pushed.id, actor }, { wish });
  switch (made.kind) {
    case 'refused':
      return preflightRefusal({
        environment: environment.name,
        rows: made.shown,
        prefix: desk.rules.commandPrefix,
      });
    case 'unread':
      return authorsUnknown({ environment: environment.name, unread: made.unread, notes: made.notes });
    case 'stopped':
      return made.answer;
    case 'recorded':
    case 'nothing':
    case 'there':
      return undefined;
  }
}

/**
 * What a tag means by the catalog; absent for one that means nothing. Throws `UnavailableError` while the registry does not have it
 * yet, for as long as a build may take.
 */
async function wantedBy(
  desk: Desk,
  { request, receivedAt }: Pushed,
): Promise<{ environment: EnvironmentRules; services: ServiceChoice[]; catalog: Catalog } | undefined> {
  const { ports, rules } = desk;
  const [environment] = rules.environments;
  if (environment === undefined) return undefined;
  const catalog = await desk.catalog.load();
  const services = namedBy(catalog, rules, { request, environment });
  if (services.length === 0) return undefined;
  const { unresolved } = await fromRegistry(ports, catalog, { environment, services });
  const [first] = unresolved;
  if (first && ports.clock.now() < Date.parse(receivedAt) + GRACE_MS)
    throw new UnavailableError(`${request.tag} waits for its image: ${first.says}`, {
      retryAfterMs: ASK_AGAIN_MS,
    });
  return { environment, services, catalog };
}

/** Services whose source is that repository and whose tags look like this one. */
function namedBy(
  { services }: Catalog,
  rules: Pick<Rules, 'repositories'>,
  { request, environment }: { request: Pushed['request']; environment: EnvironmentRules },
): ServiceChoice[] {
  const here = new Set(servicesIn({ services }, environment.name));
  return Object.entries(services).flatMap(([service, { cutOnTag, source }]): ServiceChoice[] => {
    const github = source && rules.repositories[source.repository]?.github;
    if (cutOnTag === undefined || github?.toLowerCase() !== request.repository.toLowerCase()) return [];
    const tag = versionOfTag(cutOnTag, request.tag);
    return tag === undefined || !here.has(service) ? [] : [{ service, version: { kind: 'tag', tag } }];
  });
}
