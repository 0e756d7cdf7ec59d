import { type Catalog, placementsOf } from '../../domain/catalog/catalog.ts';
import type { Placement } from '../../domain/catalog/placement.ts';
import type { EnvironmentName, ServiceName } from '../../domain/ids.ts';
import type { ConfigMove } from '../../domain/plan/config-move.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import type { Rules } from '../../domain/rules.ts';
import { UnavailableError } from '../../errors.ts';
import type { Ports } from '../../ports/ports.ts';

type Asking = Pick<Ports, 'git'>;
type Places = Pick<Rules, 'repositories'>;

/** Commits of one service's files that are looked through. */
const MOST = 50;

/**
 * For each service and repository, the commit of somebody else that changed its files last. What Git cannot say now is left out: a release may be cut
 * without it.
 */
export async function configCommits(
  ports: Asking,
  rules: Places,
  asked: { catalog: Catalog; environment: EnvironmentName; services: readonly ServiceName[] },
): Promise<Record<ServiceName, Record<string, string>>> {
  const { catalog, environment, services } = asked;
  const found = await Promise.all(
    services.map(async (service) => {
      const commits = await Promise.all(
        foldersOf(placementsOf(catalog, { service, environment })).map(async ({ repository, path }) => {
          const log = await logOf(ports, rules, { repository, path, limit: MOST });
          // What releases set themselves is content; what is beside it is what somebody else wrote last.
          const newest = log.find(({ operation }) => operation === undefined) ?? log.at(-1);
          return newest ? [[repository, newest.commit] as const] : [];
        }),
      );
      return [service, Object.fromEntries(commits.flat())] as const;
    }),
  );
  return Object.fromEntries(found);
}

/** What others changed beside a release's services since it was cut, in its own environment. */
export async function configMoved(
  ports: Asking,
  rules: Places,
  plan: Pick<Plan, 'services'>,
): Promise<ConfigMove[]> {
  const moves = await Promise.all(
    Object.entries(plan.services).flatMap(([service, { config = {}, placements }]) =>
      foldersOf(placements).map(async ({ repository, path }): Promise<ConfigMove[]> => {
        const since = config[repository];
        if (since === undefined) return [];
        const log = await logOf(ports, rules, { repository, path, since, limit: MOST });
        // What releases set themselves is shown as what they move.
        const commits = log
          .filter(({ operation }) => operation === undefined)
          .map(({ commit, subject, author }) => ({ commit, subject, author: author.replace(/ <.*$/, '') }));
        return commits.length > 0 ? [{ service, repository, commits }] : [];
      }),
    ),
  );
  return moves.flat();
}

async function logOf(
  { git }: Asking,
  { repositories }: Places,
  { repository, ...asked }: { repository: string; path: string; since?: string; limit: number },
) {
  const branch = repositories[repository]?.branch ?? 'main';
  return git.log(repository, branch, asked).catch((error: unknown) => {
    if (error instanceof UnavailableError) return [];
    throw error;
  });
}

/** The folder around each file; a file at the root stands for itself. One for each repository: the first placement's. */
function foldersOf(placements: readonly Placement[]): { repository: string; path: string }[] {
  const folders = new Map<string, string>();
  for (const { git } of placements) {
    if (git === undefined || folders.has(git.repository)) continue;
    folders.set(git.repository, git.file.includes('/') ? git.file.replace(/\/[^/]+$/, '') : git.file);
  }
  return [...folders].map(([repository, path]) => ({ repository, path }));
}
