import { type Actor, policyOf } from '../actor.ts';
import { placementId } from '../catalog/placement.ts';
import { type OwnedKey, versionOf } from '../content.ts';
import type { Intent } from '../effect.ts';
import { PersonId, type ServiceName } from '../ids.ts';
import { effectId } from './effect-ids.ts';
import { CUT_EFFECT, effectDone, type ReleaseState } from './release-state.ts';

/** The commit that puts the manifest on the release's own branch, where it can be read and reviewed. */
export function cutIntent(release: ReleaseState): Intent {
  const { repository, branch, path, text } = release.manifest;
  return {
    id: CUT_EFFECT,
    onBehalfOf: requester(release),
    effect: {
      kind: 'git.commit',
      repository,
      branch: releaseBranch(release),
      startFrom: branch,
      files: [{ path, text }],
      keys: [],
      subject: `Cut ${release.name} for ${release.environment}`,
      body: contentLines(release, Object.keys(release.plan.services)),
      trailers: trailers(release, 'cut'),
    },
  };
}

/** The commits that bring a wave's services to their new content, one for each repository; the first holds the manifest. */
export function waveIntents(release: ReleaseState, wave: number): Intent[] {
  const services = release.plan.waves[wave] ?? [];
  const of = release.plan.waves.length;
  return commitsFor(release, services, wave === 0).map(({ repository, files, keys }) => ({
    id: effectId.wave(wave, repository),
    onBehalfOf: requester(release),
    effect: {
      kind: 'git.commit',
      repository,
      files,
      keys,
      subject: `Release ${release.name} to ${release.environment}, wave ${wave + 1} of ${of}`,
      body: contentLines(release, services),
      trailers: trailers(release, `deploy wave ${wave + 1}/${of}`),
    },
  }));
}

/**
 * A rollback's one commit for each repository: the whole change set, whatever was seen moving. A person who asks again, because
 * somebody changed since what was restored, gets another one.
 */
export function restoreIntents(release: ReleaseState): Intent[] {
  const services = release.plan.waves.flat();
  return commitsFor(release, services, true).map(({ repository, files, keys }) => ({
    id: effectId.restore(repository, release.resumed.length),
    onBehalfOf: lastAsked(release),
    effect: {
      kind: 'git.commit',
      repository,
      files,
      keys,
      subject: `Roll back ${services.length === 1 ? services[0] : `${services.length} services`} in ${release.environment}`,
      body: contentLines(release, services),
      trailers: trailers(release, 'rollback'),
    },
  }));
}

/** Where the release's manifest is looked at before it is approved. */
export function releaseBranch(release: Pick<ReleaseState, 'environment' | 'name'>): string {
  return `release/${release.environment}/${release.name}`;
}

/** The person who asked, or the environment's policy for a recovery that began by itself. */
export function requester(release: ReleaseState): Actor {
  const person = PersonId.safeParse(release.requestedBy);
  return person.success ? { kind: 'person', id: person.data, via: 'slack' } : policyOf(release.environment);
}

/** When a rollback had committed all it restores; absent while something is still to be committed. */
export function restoredAt(release: ReleaseState): string | undefined {
  const receipts = restoreIntents(release).map((intent) => effectDone(release, intent.id));
  return receipts.every((receipt) => receipt !== undefined)
    ? receipts
        .map(({ at }) => at)
        .toSorted()
        .at(-1)
    : undefined;
}

/** How long an agent may take to apply a commit before it is likelier that somebody changed Git since, in milliseconds. */
const APPLIED_WITHIN_MS = 60_000;

/** Whether a rollback is still not done so long after everything was committed that it may be committed once more. */
export function mayRestoreAgain(release: ReleaseState, now: number): boolean {
  const restored = restoredAt(release);
  if (release.ended || release.takenBack || restored === undefined) return false;
  return now - Date.parse(restored) >= APPLIED_WITHIN_MS;
}

/** Who asked last that a rollback happens. */
function lastAsked(release: ReleaseState): Actor {
  const person = PersonId.safeParse(release.resumed.at(-1)?.person);
  return person.success ? { kind: 'person', id: person.data, via: 'slack' } : requester(release);
}

interface CommitPart {
  repository: string;
  files: { path: string; text: string }[];
  keys: OwnedKey[];
}

/** The manifest lives in one repository; services may live in several. Every key is owned by exactly one content. */
function commitsFor(
  release: ReleaseState,
  services: readonly ServiceName[],
  withManifest: boolean,
): CommitPart[] {
  const { repository: home, path, text } = release.manifest;
  const keys = services.flatMap((service) => release.plan.services[service]?.to.keys ?? []);
  const repositories = new Set([...(withManifest ? [home] : []), ...keys.map((key) => key.repository)]);
  return [...repositories].sort().map((repository) => ({
    repository,
    files: withManifest && repository === home ? [{ path, text }] : [],
    keys: keys.filter((key) => key.repository === repository),
  }));
}

function contentLines(release: ReleaseState, services: readonly ServiceName[]): string {
  return services
    .map((service) => {
      const planned = release.plan.services[service];
      if (planned === undefined) return service;
      const from = planned.from ? versionOf(planned.from) : 'nothing';
      return `${service}: ${from} -> ${versionOf(planned.to)}`;
    })
    .join('\n');
}

function trailers(release: ReleaseState, intent: string): [string, string][] {
  const { recovery } = release.plan;
  const restored = new Set(Object.values(recovery?.restores ?? {}));
  return [
    ['Release-Id', release.id],
    ['Release-Intent', intent],
    ['Manifest-Hash', release.plan.manifestHash],
    ['Requested-By', release.requestedBy],
    ...release.approvals.map((approval): [string, string] => ['Approved-By', approval.person]),
    ...(recovery?.rollsBack ?? []).map((id): [string, string] => ['Rolls-Back', id]),
    ...[...restored].map((id): [string, string] => ['Restores', id]),
  ];
}

/** Placement names of these services, with the service each belongs to. */
export function placementsOf(
  release: ReleaseState,
  services: readonly ServiceName[],
): { service: ServiceName; id: string }[] {
  return services.flatMap((service) =>
    (release.plan.services[service]?.placements ?? []).map((placement) => ({
      service,
      id: placementId(placement),
    })),
  );
}
