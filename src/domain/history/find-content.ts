import { acceptableDigests, type Content, type Image, type KnownContent } from '../content.ts';
import type { EnvironmentState } from '../environment/environment-state.ts';
import type { ReleaseId, ServiceName } from '../ids.ts';
import { phaseOfRelease, type ReleasePhase, type ReleaseState } from '../release/release-state.ts';

/** How a word names an image. */
export type NamedBy = 'version' | 'digest' | 'commit';

/** A content that a word names, in an environment. */
export interface FoundContent {
  service: ServiceName;
  environment: string;
  content: Content;
  by: NamedBy;
  /** When it began to be what is trusted there. */
  since: string;
  /** When something else took its place; absent: it is what runs. */
  until?: string | undefined;
  standing: KnownContent['standing'];
  release?: string | undefined;
}

/** A release that a word is about. */
export interface FoundRelease {
  release: ReleaseId;
  phase: ReleasePhase;
  /** Services whose new content is named, and how. */
  services: { service: ServiceName; by: NamedBy }[];
  /** A commit of a GitOps repository by which the release was carried out. */
  commit?: { repository: string; commit: string } | undefined;
}

/** Shorter than this, digits and letters name too much. */
const SHORTEST = 7;

/**
 * How an image is named by a word: its version (a leading `v` counts for nothing), its digest or a beginning of it, or the commit
 * it was built from. Absent: not at all.
 */
export function namedBy(word: string, image: Image): NamedBy | undefined {
  const wanted = word.toLowerCase();
  const plain = (version: string) => version.toLowerCase().replace(/^v(?=\d)/, '');
  if (image.version !== undefined && plain(image.version) === plain(word)) return 'version';
  const hex = wanted.replace(/^sha256:/, '');
  if (hex.length < SHORTEST || !/^[0-9a-f]+$/.test(hex)) return undefined;
  if (acceptableDigests(image).some((digest) => digest.slice('sha256:'.length).startsWith(hex)))
    return 'digest';
  const { revision } = image;
  if (revision === undefined || wanted.startsWith('sha256:')) return undefined;
  return revision.startsWith(hex) || hex.startsWith(revision) ? 'commit' : undefined;
}

function contentNamedBy(word: string, content: Content): NamedBy | undefined {
  return Object.values<Image>(content.images)
    .map((image) => namedBy(word, image))
    .find((by) => by !== undefined);
}

/** Where and when an environment ran it, as far back as it remembers; each stay once, newest first. */
export function findInEnvironment(
  state: Pick<EnvironmentState, 'name' | 'known'>,
  { word, service: only }: { word: string; service?: ServiceName | undefined },
): FoundContent[] {
  return Object.entries(state.known)
    .filter(([service]) => only === undefined || service === only)
    .flatMap(([service, known]) => staysOf(service, { known, environment: state.name, word }));
}

/** Proved again without anything else in between is one stay. */
function staysOf(
  service: ServiceName,
  { known, environment, word }: { known: readonly KnownContent[]; environment: string; word: string },
): FoundContent[] {
  const stays: FoundContent[] = [];
  let open: FoundContent | undefined;
  known.forEach((each, i) => {
    const by = contentNamedBy(word, each.content);
    if (by === undefined) {
      open = undefined;
      return;
    }
    if (open) {
      open.since = each.at;
      open.release = each.release;
      return;
    }
    const until = known[i - 1]?.at;
    open = {
      service,
      environment,
      content: each.content,
      by,
      since: each.at,
      ...(until !== undefined && { until }),
      standing: each.standing,
      release: each.release,
    };
    stays.push(open);
  });
  return stays;
}

/** Whether a release brings it, or was carried out by it; absent: it has nothing to do with it. */
export function findInRelease(
  state: ReleaseState,
  { word, service: only }: { word: string; service?: ServiceName | undefined },
): FoundRelease | undefined {
  const services = Object.entries(state.plan.services).flatMap(([service, { to }]) => {
    const by = only === undefined || only === service ? contentNamedBy(word, to) : undefined;
    return by ? [{ service, by }] : [];
  });
  const commit = only === undefined ? commitNamed(word, state) : undefined;
  if (services.length === 0 && commit === undefined) return undefined;
  const phase = phaseOfRelease(state, state.started !== undefined);
  return { release: state.id, phase, services, ...(commit && { commit }) };
}

function commitNamed(word: string, { effects }: ReleaseState): FoundRelease['commit'] {
  const wanted = word.toLowerCase();
  if (wanted.length < SHORTEST || !/^[0-9a-f]+$/.test(wanted)) return undefined;
  for (const { intent, status } of Object.values(effects)) {
    const commit = status.kind === 'done' ? status.receipt.git?.commit : undefined;
    if (commit?.startsWith(wanted) && intent.effect.kind === 'git.commit')
      return { repository: intent.effect.repository, commit };
  }
  return undefined;
}
