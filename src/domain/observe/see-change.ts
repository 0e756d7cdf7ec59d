import { parseImageReference } from '../content/image-reference.ts';
import type { ServiceName } from '../ids.ts';
import type { ChangeEnd, SeenCommit } from '../ledger/environment-facts.ts';
import type { RolloutView } from '../rollout/rollout-view.ts';
import type { ObservedChange } from './observed-change.ts';

/** Container name to image reference. */
export type Asked = Readonly<Record<string, string>>;

/** A service of an observed environment: what it was when it rested last, and what is seen of it now. */
export interface ServiceSeen {
  service: ServiceName;
  /** What was asked for when it rested last. */
  rested: Asked;
  /** One for each placement. */
  views: readonly RolloutView[];
  /** That changed its files since it rested last, and that no change names yet; newest first. */
  commits: readonly SeenCommit[];
  /** The change under way. */
  open: ObservedChange | undefined;
  /** The one before, for a canary that was stopped: it is still asked for, and is nothing new. */
  last: ObservedChange | undefined;
  /** Milliseconds since 1970. */
  now: number;
}

/** What a look at a service comes to. */
export type ChangeSeen =
  | { kind: 'nothing' }
  | { kind: 'began'; images?: Asked; commits: readonly SeenCommit[] }
  /** More became known of the one under way. */
  | { kind: 'more'; images?: Asked; commits: readonly SeenCommit[] }
  | { kind: 'ended'; how: ChangeEnd };

/** Commits that Argo CD has had this long to apply, and that moved nothing, moved nothing: its usual poll is three minutes. */
const QUIET_MS = 5 * 60_000;

/** What others did to a service since the last look, judged by nothing but what Git and the cluster say. */
export function seeChange(seen: ServiceSeen): ChangeSeen {
  const asked = newlyAsked(seen);
  return seen.open ? underWay(seen, { open: seen.open, asked }) : begun(seen, asked);
}

/** The images of a placement that asks for something else than it rested on; absent when none does. */
function newlyAsked({ rested, views }: ServiceSeen): Asked | undefined {
  return views.map((view) => asOf(view, rested)).find((asked) => !isSame(asked, rested));
}

function begun({ commits, last, views }: ServiceSeen, asked: Asked | undefined): ChangeSeen {
  const isStopped =
    last?.ended?.how === 'aborted' && isSame(last.images, asked) && views.some(({ abort }) => abort);
  const images = isStopped ? undefined : asked;
  if (images === undefined && commits.length === 0) return { kind: 'nothing' };
  return { kind: 'began', ...(images && { images }), commits };
}

function underWay(
  { views, commits, now, rested }: ServiceSeen,
  { open, asked }: { open: ObservedChange; asked: Asked | undefined },
): ChangeSeen {
  if (asked && open.images && !isSame(asked, open.images)) return { kind: 'ended', how: 'replaced' };
  const isNew = asked !== undefined && open.images === undefined;
  if (isNew || commits.length > 0) return { kind: 'more', ...(isNew && { images: asked }), commits };
  const settled = views.every(isSettled);
  if (open.images === undefined) {
    return settled && now - Date.parse(open.seenAt) >= QUIET_MS
      ? { kind: 'ended', how: 'quiet' }
      : { kind: 'nothing' };
  }
  if (views.some(({ abort }) => abort)) return { kind: 'ended', how: 'aborted' };
  if (!settled) return { kind: 'nothing' };
  if (asked === undefined) return { kind: 'ended', how: 'takenBack' };
  return views.every((view) => isSame(asOf(view, rested), open.images))
    ? { kind: 'ended', how: 'serving' }
    : { kind: 'nothing' };
}

/** What a placement asks for, of the containers that count: a sidecar that somebody injects is no release. */
export function asOf(
  view: Pick<RolloutView, 'images'>,
  containers: Readonly<Record<string, unknown>>,
): Asked {
  const names = Object.keys(containers);
  return Object.fromEntries(names.map((name) => [name, view.images[name] ?? '']));
}

/** Whether a placement has come to rest on what it is asked for. */
export function isSettled(view: RolloutView): boolean {
  return view.observed && view.phase === 'Healthy' && view.currentPodHash === view.stablePodHash;
}

/** Where a reference has a digest, nothing else of it counts. */
function isSame(a: Asked | undefined, b: Asked | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => pin(a[name]) === pin(b[name]));
}

function pin(reference = ''): string {
  return parseImageReference(reference).digest ?? reference;
}
