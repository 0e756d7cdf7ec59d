import { placementId } from '../domain/catalog/placement.ts';
import { type Content, versionOf } from '../domain/content.ts';
import { own } from '../domain/document/own.ts';
import type { ServiceName } from '../domain/ids.ts';
import type { PlannedService } from '../domain/plan/plan.ts';
import type { RolloutView } from '../domain/rollout/rollout-view.ts';
import { NOTHING_TO_PROVE, scaledToZero } from '../domain/rollout/scaled-to-zero.ts';
import { join, type Mrkdwn, mrkdwn } from '../domain/text/mrkdwn.ts';
import { percent } from '../domain/text/numbers.ts';
import { gateLine } from './gate-words.ts';
import type { Picture } from './picture.ts';
import { count } from './words.ts';

/** Services shown line by line; the rest is counted. A phone shows about this many before scrolling hides the buttons. */
const MOST_LINES = 15;

/** One line for each service: what changes, and where it is. What moves comes first; what does not fit is counted. */
export function serviceLines(picture: Picture): Mrkdwn[] {
  const { waves } = picture.release.plan;
  const services = waves.flat().sort((a, b) => rank(picture, a) - rank(picture, b));
  const shown = services.slice(0, MOST_LINES).map((service) => serviceLine(picture, service));
  const rest = services.slice(MOST_LINES);
  if (rest.length === 0) return shown;
  const done = rest.filter((service) => isProved(picture, service)).length;
  return [...shown, mrkdwn`_and ${count(rest.length, 'more service')}: ${done} done_`];
}

function rank(picture: Picture, service: ServiceName): number {
  if (isProved(picture, service)) return 2;
  const { plan, started } = picture.release;
  // Before anything moves, what somebody is asked about for its own sake comes first.
  if (!started) return own(plan.approvals.owners, service) === undefined ? 1 : 0;
  return viewsOf(picture, service).some((view) => view.currentPodHash !== view.stablePodHash) ? 0 : 1;
}

function serviceLine(picture: Picture, service: ServiceName): Mrkdwn {
  const planned = picture.release.plan.services[service];
  if (planned === undefined) return mrkdwn`\`${service}\``;
  const from = planned.from ? versionOf(planned.from) : 'new';
  const chart = chartMove(planned.from, planned.to);
  const pin = chart ? ` · ${chart}` : '';
  const change = mrkdwn`\`${service}\`  ${from} → *${versionOf(planned.to)}*${pin}`;
  const state = picture.release.started
    ? stateOf(picture, service, planned)
    : asked(picture, service, planned);
  return mrkdwn`${change}   ${state}`;
}

/** Whose word is asked for it, so that owners find what is theirs. */
function asked({ release }: Picture, service: ServiceName, { tier }: PlannedService): Mrkdwn {
  const owner = own(release.plan.approvals.owners, service);
  return owner === undefined ? mrkdwn`tier ${tier}` : mrkdwn`tier ${tier} · ${owner} approve`;
}

/** A chart's pin where either content has one: `chart 4.0 → 4.1`. */
export function chartMove(from: Content | undefined, to: Content): string | undefined {
  const [was, is] = [from?.chartVersion, to.chartVersion];
  if (was === is) return is && `chart ${is}`;
  return `chart ${was ?? 'none'} → ${is ?? 'none'}`;
}

function stateOf(picture: Picture, service: ServiceName, planned: PlannedService): Mrkdwn {
  if (isProved(picture, service)) {
    const pods = planned.placements.reduce(
      (sum, each) => sum + (picture.release.proofs[placementId(each)]?.proof.pods ?? 0),
      0,
    );
    return mrkdwn`serving, ${count(pods, 'pod')} proved`;
  }
  if (isEmpty(picture, service, planned)) return mrkdwn`${NOTHING_TO_PROVE}`;
  const [view] = viewsOf(picture, service).filter((each) => each.currentPodHash !== each.stablePodHash);
  if (view === undefined) return picture.release.ended ? mrkdwn`` : waitsFor(picture, service, planned);
  return join([canary(view), ...gateLine(picture, service)], '   ');
}

function canary(view: RolloutView): Mrkdwn {
  if (view.abort) return mrkdwn`aborted, stable serves`;
  const weight = view.weight ?? 0;
  const filled = Math.round(weight / 12.5);
  const bar = '▓'.repeat(filled) + '░'.repeat(8 - filled);
  const step =
    view.stepIndex === undefined
      ? ''
      : `  step ${Math.min(view.stepIndex + 1, view.steps.length)} of ${view.steps.length}`;
  return mrkdwn`${bar} ${percent(weight)}${step}`;
}

function waitsFor(picture: Picture, service: ServiceName, planned: PlannedService): Mrkdwn {
  const open = planned.dependsOn.filter(
    (each) => picture.release.plan.services[each] && !isProved(picture, each),
  );
  if (open.length > 0) return mrkdwn`waits for ${open.join(', ')}`;
  const wave = picture.release.plan.waves.findIndex((services) => services.includes(service));
  return mrkdwn`wave ${wave + 1}`;
}

/** No pod proves its new content, and none is asked for; a release that ended well without a proof ended so. */
function isEmpty(picture: Picture, service: ServiceName, planned: PlannedService): boolean {
  if (picture.release.ended) return picture.release.ended.outcome === 'released';
  return viewsOf(picture, service).some((view) => scaledToZero(view, planned.to) !== undefined);
}

/** Whether pods proved it at every placement. */
export function isProved(picture: Picture, service: ServiceName): boolean {
  const { plan, proofs } = picture.release;
  return plan.services[service]?.placements.every((placement) => proofs[placementId(placement)]) ?? false;
}

/** What the cluster shows of a service's placements. */
export function viewsOf(picture: Picture, service: ServiceName): RolloutView[] {
  const placements = picture.release.plan.services[service]?.placements ?? [];
  return placements.flatMap((placement) => {
    const observed = picture.observed[placementId(placement)];
    return observed?.kind === 'seen' ? [observed.rollout] : [];
  });
}
