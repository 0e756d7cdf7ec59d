import { type Placement, placementId } from '../../domain/catalog/placement.ts';
import type { PlanInput } from '../../domain/plan/plan-input.ts';
import type { FoundRollout } from '../../domain/policy/preflight-input.ts';
import {
  placementsWithRollout,
  rolloutInCluster,
  rolloutInFile,
} from '../../domain/policy/stated-rollouts.ts';
import type { Rules } from '../../domain/rules.ts';
import { UnavailableError } from '../../errors.ts';
import type { Ports } from '../../ports/ports.ts';
import { withinBudget } from '../preflight/within-budget.ts';

/**
 * The Rollouts that a manifest states something about, by placement name: from Git where the catalog names the file with the
 * Rollout itself, otherwise as the cluster has them. What cannot be reached now is unreadable.
 */
export async function readRollouts(
  ports: Pick<Ports, 'git' | 'yaml' | 'cluster' | 'patience'>,
  rules: Pick<Rules, 'repositories'>,
  input: Pick<PlanInput, 'manifest' | 'catalog' | 'environment'>,
): Promise<Record<string, FoundRollout>> {
  const found = await Promise.all(
    placementsWithRollout(input).map(
      async (placement): Promise<[string, FoundRollout]> => [
        placementId(placement),
        await withinBudget(ports, {
          what: `the Rollout of ${placementId(placement)}`,
          work: readOne(ports, rules, placement),
          late: (says): FoundRollout => ({ kind: 'unreadable', says }),
        }),
      ],
    ),
  );
  return Object.fromEntries(found);
}

async function readOne(
  ports: Pick<Ports, 'git' | 'yaml' | 'cluster'>,
  rules: Pick<Rules, 'repositories'>,
  placement: Placement,
): Promise<FoundRollout> {
  return placement.git?.format === 'manifest'
    ? readFile(ports, rules, { placement, git: placement.git })
    : rolloutInCluster(placement, await ports.cluster.look(placement));
}

async function readFile(
  ports: Pick<Ports, 'git' | 'yaml'>,
  rules: Pick<Rules, 'repositories'>,
  of: { placement: Placement; git: NonNullable<Placement['git']> },
): Promise<FoundRollout> {
  try {
    return await readInGit(ports, rules, of);
  } catch (error) {
    if (error instanceof UnavailableError) return { kind: 'unreadable', says: error.message };
    throw error;
  }
}

async function readInGit(
  { git, yaml }: Pick<Ports, 'git' | 'yaml'>,
  rules: Pick<Rules, 'repositories'>,
  of: { placement: Placement; git: NonNullable<Placement['git']> },
): Promise<FoundRollout> {
  const { repository, file } = of.git;
  const branch = rules.repositories[repository]?.branch ?? 'main';
  const text = await (await git.view(repository, branch))?.read(file);
  if (text === undefined)
    return { kind: 'unreadable', says: `there is no ${file} on ${branch} of ${repository}` };
  const read = await yaml.readAll(text);
  if (read.kind === 'read') return rolloutInFile(of.placement, read.values);
  const [fault] = read.faults;
  return {
    kind: 'unreadable',
    says: `${file}:${fault?.line ?? 1}: ${fault?.message ?? 'it is not readable'}`,
  };
}
