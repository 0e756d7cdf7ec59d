import { nextWorkingDay } from '../../domain/calendar/working-day.ts';
import { ReleaseId } from '../../domain/ids.ts';
import type { ReleaseState } from '../../domain/release/release-state.ts';
import { environmentRules } from '../../domain/rules.ts';
import { TerminalError, UnavailableError } from '../../errors.ts';
import type { Ports } from '../../ports/ports.ts';
import { type BackMerge, hotfixFollowUp } from '../../views/hotfix.ts';
import { readIncident } from '../incidents/read-incident.ts';
import { readRelease } from '../read-state.ts';
import type { Desk } from '../requests/asked.ts';

/** Releases looked through: days of them in most places. */
const LOOKED_THROUGH = 100;

/** What was not followed up for this long, because nobody could say anything, is left to people. */
const TOO_LATE_MS = 14 * 86_400_000;

/** How long it is remembered that it was said; any time past that would do. */
const REMEMBER_MS = 2 * TOO_LATE_MS;

type FollowPorts = Pick<Ports, 'ledger' | 'git' | 'chat' | 'clock' | 'scratch' | 'directory'>;

/**
 * A working day after a hotfix its channel is told, once, whether its commits have come back to where the next release is built from,
 * and reminded of looking back. Whoever looks and however often.
 */
export async function followUpHotfixes({
  ports,
  rules,
}: {
  ports: FollowPorts;
  rules: Desk['rules'];
}): Promise<void> {
  const failures: unknown[] = [];
  for (const stream of await ports.ledger.recent('release', LOOKED_THROUGH)) {
    const id = ReleaseId.parse(stream.slice('release:'.length));
    const release = (await readRelease(ports.ledger, id))?.state;
    // What keeps one from being followed up keeps no other.
    if (release && isDue(release, ports.clock.now()))
      await followUp({ ports, rules }, release).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}

/** Whatever became of it: what was started under the rules of a hotfix is looked back at. */
function isDue({ plan, started, ended }: ReleaseState, now: number): boolean {
  if (plan.type !== 'hotfix' || started === undefined || ended === undefined) return false;
  const at = Date.parse(ended.at);
  return now >= nextWorkingDay(at) && now < at + TOO_LATE_MS;
}

async function followUp(
  { ports, rules }: { ports: FollowPorts; rules: Desk['rules'] },
  release: ReleaseState,
): Promise<void> {
  const environment = environmentRules(rules, release.environment);
  if (environment === undefined || release.ended === undefined) return;
  const operation = `hotfix/${release.id}`;
  if (await ports.scratch.get(operation)) return;
  const { channel } = environment;
  const known = await ports.chat.find({ channel, operation, since: Date.parse(release.ended.at) });
  if (known === undefined) {
    const incident = release.plan.hotfix && (await readIncident(ports, release.plan.hotfix.incident));
    const message = hotfixFollowUp({
      release,
      backMerges: await backMergesOf({ ports, rules }, release),
      incident: incident?.state,
      nameOf: (person) => ports.directory.nameOf(person),
    });
    await ports.chat.post({ channel, operation, message });
  }
  await ports.scratch.put(operation, true, REMEMBER_MS);
}

/** Whether the branch that releases are built from has what each service of the hotfix was built from. */
async function backMergesOf(
  { ports, rules }: { ports: Pick<Ports, 'git'>; rules: Desk['rules'] },
  { plan, notes = {} }: ReleaseState,
): Promise<BackMerge[]> {
  return Promise.all(
    Object.keys(plan.services).map(async (service): Promise<BackMerge> => {
      const told = notes[service];
      if (told?.kind !== 'commits')
        return { service, kind: 'unknown', says: told?.says ?? 'nothing is known of its source' };
      const { repository, to: commit } = told;
      const branch = rules.repositories[repository]?.branch ?? 'main';
      const at = { service, repository, branch, commit };
      try {
        const head = (await ports.git.view(repository, branch))?.commit;
        if (head === undefined)
          return { ...at, kind: 'unknown', says: `${repository} has no branch ${branch}` };
        const between = await ports.git.between(repository, branch, { from: commit, to: head, limit: 1 });
        // What the branch does not have at all has not come back either.
        const isBack = between.kind === 'commits' && between.undone === 0;
        return { ...at, kind: isBack ? 'merged' : 'missing' };
      } catch (error) {
        if (!(error instanceof UnavailableError) && !(error instanceof TerminalError)) throw error;
        return { ...at, kind: 'unknown', says: error.message };
      }
    }),
  );
}
