import { reviewAccess } from '../../adapters/kubernetes/access-review.ts';
import type { ApiClient } from '../../adapters/kubernetes/api-client.ts';
import { userOf } from '../../adapters/slack/user-of.ts';
import { type Actor, policyOf } from '../../domain/actor.ts';
import type { Placement } from '../../domain/catalog/placement.ts';
import type { EnvironmentName, PersonId } from '../../domain/ids.ts';
import { RECOVERY } from '../../domain/rbac/identities.ts';
import { actingQuestions, rightInWords } from './access-questions.ts';
import { fewAtOnce } from './few-at-once.ts';
import { type Finding, fault, ok } from './finding.ts';

interface Acting {
  environment: EnvironmentName;
  /** Those of one cluster. */
  placements: readonly Placement[];
  people: readonly PersonId[];
  /** By Slack's id, as the configuration has them. */
  names: ReadonlyMap<string, string>;
  /** What to do about a right that is missing. */
  fix: string;
}

/**
 * Asks the API server as everybody who may act in an environment, as its policy and as recovery, whether it would let them. One
 * line for each right that somebody lacks, naming who does. Throws `UnavailableError`.
 */
export async function actingFindings(client: Pick<ApiClient, 'send'>, acting: Acting): Promise<Finding[]> {
  const { environment, people, fix } = acting;
  const refusals = await fewAtOnce(actorsOf(acting), (one) =>
    firstRefusal(client, { ...one, placements: acting.placements }),
  );
  const refused = Map.groupBy(
    refusals.filter((one) => one !== undefined),
    ({ right }) => right,
  );
  if (refused.size === 0) {
    const count = people.length === 1 ? '1 person' : `${people.length} people`;
    return [ok(`${environment}: ${count}, the policy and recovery may act`)];
  }
  return [...refused].map(([right, all]) => {
    const names = all.map(({ name }) => name).join(', ');
    const reason = all[0]?.reason ? `: ${all[0].reason}` : '';
    return fault(`${environment}: ${names} may not ${right}${reason}`, fix);
  });
}

interface NamedActor {
  actor: Actor;
  name: string;
}

function actorsOf({ environment, people, names }: Acting): NamedActor[] {
  return [
    ...people.map((id) => ({
      actor: { kind: 'person', id, via: 'cli' } as const,
      name: `${names.get(userOf(id)) ?? 'somebody'} (${userOf(id)})`,
    })),
    { actor: policyOf(environment), name: 'the policy' },
    { actor: { kind: 'recovery', id: RECOVERY }, name: 'recovery' },
  ];
}

/** Who lacks one right mostly lacks all of them: the first is enough to go and look. */
async function firstRefusal(
  client: Pick<ApiClient, 'send'>,
  { actor, name, placements }: NamedActor & Pick<Acting, 'placements'>,
): Promise<{ name: string; right: string; reason: string } | undefined> {
  for (const asked of actingQuestions(placements, actor.kind === 'recovery' ? 'recovery' : 'others')) {
    const { allowed, reason } = await reviewAccess(client, { actor, asked });
    if (!allowed) return { name, right: rightInWords(asked), reason };
  }
  return undefined;
}
