import type { ServiceName } from '../domain/ids.ts';
import { PersonId } from '../domain/ids.ts';
import { trainOf } from '../domain/naming/release-name.ts';
import { phaseOfRelease } from '../domain/release/release-state.ts';
import { NOTHING_TO_PROVE } from '../domain/rollout/scaled-to-zero.ts';
import { code, join, type Mrkdwn, mention, mrkdwn, when } from '../domain/text/mrkdwn.ts';
import { percent } from '../domain/text/numbers.ts';
import type { Block, Message } from '../ports/message.ts';
import { boardButtons } from './board-buttons.ts';
import { checklistLines } from './checklist.ts';
import { boardFlagLines } from './flags.ts';
import { migratingWords, migrationLines } from './migration-lines.ts';
import type { Picture } from './picture.ts';
import { exemptedBy, preflightLine, riskLine } from './preflight.ts';
import { isProved, serviceLines, viewsOf } from './service-lines.ts';
import { holdWords, waitWords } from './wait-words.ts';
import { wayBackLines } from './way-back.ts';
import { count, list } from './words.ts';

/** A release's one message: the state in words, what changes, why it stands where it stands, what to do. */
export function board(picture: Picture): Message {
  const { release } = picture;
  const blocks: Block[] = [
    { kind: 'section', text: heading(picture) },
    { kind: 'section', text: join(serviceLines(picture), '\n') },
  ];
  const more = [
    ...risks(picture),
    ...wayBackLines(picture),
    ...order(picture),
    ...migrationLines(picture),
    ...preflight(picture),
    ...checklist(picture),
    ...approvers(picture),
    ...flags(picture),
    ...waiting(picture),
  ];
  if (more.length > 0) blocks.push({ kind: 'section', text: join(more, '\n') });
  const buttons = boardButtons(picture);
  if (buttons.length > 0) blocks.push({ kind: 'buttons', buttons });
  return { text: `${release.name} → ${release.environment} · ${stateWords(picture)}`, blocks };
}

/** The state as a lock screen shows it. */
export function stateWords(picture: Picture): string {
  const { release, approval } = picture;
  const phase = phaseOfRelease(release, approval.kind === 'satisfied');
  const services = Object.keys(release.plan.services);
  switch (phase) {
    case 'awaitingApproval': {
      if (release.foreignPush)
        return `held: somebody pushed to its branch · ${release.foreignPush.head.slice(0, 8)}`;
      const wanted =
        approval.kind === 'waiting' ? approval.missing.reduce((sum, each) => sum + each.count, 0) : 0;
      return `${count(services.length, 'service')} · wants ${count(wanted, 'approval')}`;
    }
    case 'queued':
      return 'approved, waits for its turn';
    case 'moving':
      return migratingWords(picture) ?? movingWords(picture);
    case 'held':
      return `HELD · ${release.hold ? holdWords(release.hold.reason) : 'waits for a person'}`;
    case 'recovering':
      return 'going back';
    case 'released':
      return releasedWords(picture, services);
    default:
      return endWords(phase, release.ended?.reason);
  }
}

function releasedWords(picture: Picture, services: readonly ServiceName[]): string {
  const proved = services.filter((service) => isProved(picture, service)).length;
  const empty = services.length - proved;
  return `released · ${count(proved, 'service')} proved${empty > 0 ? ` · ${empty} ${NOTHING_TO_PROVE}` : ''}`;
}

function endWords(outcome: string, reason: string | undefined): string {
  return reason ? `${outcome} · ${reason}` : outcome;
}

function movingWords(picture: Picture): string {
  const moving = picture.release.plan.waves.flat().flatMap((service) =>
    viewsOf(picture, service)
      .filter((view) => view.currentPodHash !== view.stablePodHash)
      .map((view) => `${service} at ${percent(view.weight ?? 0)}`),
  );
  if (moving.length === 0) return 'on its way';
  return moving.length > 3 ? `${count(moving.length, 'canary', 'canaries')} under way` : list(moving);
}

function heading(picture: Picture): Mrkdwn {
  const { release, nameOf } = picture;
  const byPolicy = release.requestedBy.startsWith('signalbox:policy:');
  const cutter = byPolicy ? `train ${trainOf(release.name)}` : nameOf(release.requestedBy);
  const from = release.promotedFrom ? mrkdwn` · from ${release.promotedFrom.split('/')[0] ?? ''}` : mrkdwn``;
  const amends = release.amends ? mrkdwn` · in place of ${release.amends.split('/')[1] ?? ''}` : mrkdwn``;
  const hotfix = release.plan.hotfix ? mrkdwn` · *hotfix* for ${release.plan.hotfix.incident}` : mrkdwn``;
  const started = release.started ? mrkdwn` · started ${when(release.started.at)}` : mrkdwn``;
  const ended = release.ended ? mrkdwn` · ended ${when(release.ended.at)}` : mrkdwn``;
  return mrkdwn`*${release.name} → ${release.environment}*   ${stateWords(picture)}\ncut by ${cutter}${from}${amends}${hotfix}${started}${ended}`;
}

function order({ release }: Picture): Mrkdwn[] {
  const { waves } = release.plan;
  if (waves.length < 2 || release.ended) return [];
  const shown = waves.map((services: ServiceName[]) =>
    services.length > 4 ? count(services.length, 'service') : services.join(', '),
  );
  return [mrkdwn`Order: ${shown.join(' → ')}`];
}

/** What approvers read first after what goes: what could go wrong with it. */
function risks({ release }: Picture): Mrkdwn[] {
  const risk = release.preflight?.risk;
  return risk === undefined || release.started || release.ended ? [] : [riskLine(risk)];
}

/** What approvers are to know of the rules, while they are asked. */
function preflight({ release, preflight: rows }: Picture): Mrkdwn[] {
  if (rows === undefined || release.started || release.ended) return [];
  const exempted = rows.flatMap(({ rule, service, exemption }) =>
    exemption
      ? [mrkdwn`${code(rule)}${service === undefined ? '' : ` of ${service}`} ${exemptedBy(exemption)}`]
      : [],
  );
  const shown = exempted.slice(0, 3);
  const more = exempted.length - shown.length;
  return [
    mrkdwn`${preflightLine(rows)}`,
    ...shown,
    ...(more > 0 ? [mrkdwn`_and ${more} more exempted_`] : []),
  ];
}

/** How far the checklist is, while anything of it can still be met. */
function checklist({ release, checklist: rows }: Picture): Mrkdwn[] {
  return rows === undefined || release.ended ? [] : checklistLines(rows, release);
}

function approvers(picture: Picture): Mrkdwn[] {
  const { release, approval, nameOf, mentionRole } = picture;
  const given = release.approvals.map(({ person, services }) =>
    services === undefined ? nameOf(person) : `${nameOf(person)} (for ${list(services)}, kept)`,
  );
  const lines: Mrkdwn[] = given.length > 0 ? [mrkdwn`Approved by ${list(given)}`] : [];
  if (release.rejected)
    lines.push(mrkdwn`Rejected by ${nameOf(release.rejected.person)}${reasonOf(release.rejected.reason)}`);
  if (release.ended || release.started || release.foreignPush || approval.kind !== 'waiting') return lines;
  const asked = approval.missing.map(({ role, count: n, services, databases }) => {
    if (databases) return mrkdwn`${mentionRole(role)} (keeps ${databases.join(', ')})`;
    return services.length > 0
      ? mrkdwn`${mentionRole(role)} (owns ${services.join(', ')})`
      : mrkdwn`${n} of ${mentionRole(role)}`;
  });
  const makers = release.plan.makers.map((maker) => nameOf(maker));
  const not = makers.length > 0 ? mrkdwn` (not ${list(makers)}: they made it)` : mrkdwn``;
  return [...lines, mrkdwn`Waits for ${join(asked, ', ')}${not} until ${when(approval.expiresAt)}`];
}

/** What it brings is turned up when it is out. */
function flags({ release, flags: state }: Picture): Mrkdwn[] {
  if (state === undefined || release.plan.flags === undefined) return [];
  return boardFlagLines(release.plan.flags, state)
    .slice(0, 5)
    .map(({ words }) => mrkdwn`Flag ${words}`);
}

function reasonOf(reason: string | undefined): Mrkdwn {
  return reason ? mrkdwn`: ${reason}` : mrkdwn``;
}

/** At most three waits. */
function waiting({ release, progress }: Picture): Mrkdwn[] {
  if (release.ended || progress === undefined) return [];
  // An approval has a line of its own, a migration too, and a hold without an end is in the heading.
  const waits = progress.waits.filter(
    (wait) =>
      wait.kind !== 'approval' &&
      wait.kind !== 'migration' &&
      (wait.kind !== 'held' || wait.until !== undefined),
  );
  const shown = waits.slice(0, 3).map((wait) => mrkdwn`Waits for ${waitWords(wait)}`);
  return waits.length > 3 ? [...shown, mrkdwn`_and ${count(waits.length - 3, 'more wait')}_`] : shown;
}

/** The person who asked, so that Slack tells them; nobody for what policy began. */
export function mentionRequester(picture: Picture): Mrkdwn {
  const person = PersonId.safeParse(picture.release.requestedBy);
  return person.success ? mention(person.data) : mrkdwn`${picture.nameOf(picture.release.requestedBy)}`;
}
