import { phaseOfRelease, type ReleaseState } from '../domain/release/release-state.ts';
import type { Seen } from '../domain/request.ts';
import type { Button } from '../ports/message.ts';
import { checklistButton } from './checklist.ts';
import { boardFlagLines, flagButtons } from './flags.ts';
import type { Picture } from './picture.ts';
import { preflightRequest } from './preflight.ts';
import { count, list, shorten } from './words.ts';

/** What a person can do about a release now. Forward buttons carry what was seen; recovery buttons only which release. */
export function boardButtons(picture: Picture): Button[] {
  return [...confirmRestore(picture), ...buttonsOfPhase(picture), ...checklist(picture)];
}

/** The record was restored, and forward work rests until somebody has looked at what the lost seconds may have done. */
function confirmRestore({ progress }: Picture): Button[] {
  if (!progress?.waits.some((wait) => wait.kind === 'restoreConfirmation')) return [];
  return [
    {
      label: 'Nothing is missing',
      style: 'primary',
      does: { kind: 'confirmRestore' },
      confirm: {
        title: 'Go on with this record?',
        text: 'It was restored from Git. What was decided in the last seconds before may be missing from it; every release goes on from here.',
        yes: 'Go on',
        no: 'Not yet',
      },
    },
  ];
}

function buttonsOfPhase(picture: Picture): Button[] {
  const { release, approval } = picture;
  const phase = phaseOfRelease(release, approval.kind === 'satisfied');
  const seen: Seen = { planHash: release.planHash, state: phase };
  switch (phase) {
    case 'awaitingApproval':
      return release.foreignPush
        ? [adopt(picture, release.foreignPush), reject(picture, seen)]
        : [approve(picture, seen), reject(picture, seen), ...preflight(picture)];
    case 'queued':
      return [abort(picture), ...preflight(picture)];
    case 'moving':
      return [...resume(picture, seen), abort(picture), ...why(picture)];
    case 'held':
      return [goOn(picture, seen), abort(picture), ...why(picture)];
    case 'released':
      return [...promote(picture), ...flags(picture), rollBack(picture), ...why(picture)];
    case 'recovering':
      return [];
    default:
      return why(picture);
  }
}

function approve({ release }: Picture, seen: Seen): Button {
  const services = Object.keys(release.plan.services);
  return {
    label: 'Approve',
    style: 'primary',
    does: { kind: 'approve', release: release.id, seen },
    confirm: {
      title: `Approve for ${release.environment}?`,
      text: shorten(
        `${count(services.length, 'service')} → ${release.environment} · plan ${release.planHash.slice(0, 4)} · ${list(services)}`,
        300,
      ),
      yes: 'Approve',
      no: 'Not yet',
    },
  };
}

function preflight({ release }: Picture): Button[] {
  return release.preflight ? [{ label: 'Preflight', does: preflightRequest(release.id) }] : [];
}

function checklist({ release, checklist: rows }: Picture): Button[] {
  return rows === undefined || rows.length === 0 ? [] : [checklistButton(release)];
}

function reject({ release }: Picture, seen: Seen): Button {
  return {
    label: 'Reject',
    does: { kind: 'reject', release: release.id, seen },
    confirm: {
      title: 'Reject this release?',
      text: 'It ends here; cut another one to try again.',
      yes: 'Reject',
      no: 'Keep it',
    },
  };
}

function adopt(
  { release, nameOf }: Picture,
  { head, author }: NonNullable<ReleaseState['foreignPush']>,
): Button {
  return {
    label: 'Take over the change',
    does: { kind: 'adoptManifest', release: release.id, head },
    confirm: {
      title: 'Take over the change?',
      text: shorten(
        `You become one of its makers and may not approve it. Pushed by ${author ?? nameOf('somebody')}.`,
        300,
      ),
      yes: 'Take over',
      no: 'Leave it',
    },
  };
}

function resume({ release, progress }: Picture, seen: Seen): Button[] {
  const paused = progress?.waits.find((wait) => wait.kind === 'person');
  if (paused?.kind !== 'person') return [];
  return [
    {
      label: shorten(`Let ${paused.service} go on`, 75),
      style: 'primary',
      does: {
        kind: 'resume',
        release: release.name,
        environment: release.environment,
        service: paused.service,
        seen,
      },
      confirm: {
        title: 'Let it go on?',
        text:
          paused.moment.step === 'postDeploy'
            ? `No pod of ${paused.service} proves what it runs in ${release.environment}; your name is kept with this.`
            : `${paused.service} takes its next canary step in ${release.environment}.`,
        yes: 'Go on',
        no: 'Wait',
      },
    },
  ];
}

function goOn({ release }: Picture, seen: Seen): Button {
  if (release.hold?.reason.kind === 'migration') return lookAgain(release, seen);
  return {
    label: 'Go on anyway',
    does: { kind: 'resume', release: release.name, environment: release.environment, seen },
    confirm: {
      title: 'Go on anyway?',
      text: 'What held this release is taken as decided by you, and your name is kept with it.',
      yes: 'Go on',
      no: 'Wait',
    },
  };
}

/** Nobody lets a release pass a migration that is not there: it is waited for once more. */
function lookAgain(release: ReleaseState, seen: Seen): Button {
  return {
    label: 'Look again',
    style: 'primary',
    does: { kind: 'resume', release: release.name, environment: release.environment, seen },
    confirm: {
      title: 'Look again?',
      text: 'The release waits for its migration once more, as long as at first.',
      yes: 'Look again',
      no: 'Not yet',
    },
  };
}

function abort({ release }: Picture): Button {
  const services = Object.keys(release.plan.services);
  return {
    label: release.started ? 'Abort and put back' : 'Cancel',
    style: 'danger',
    does: {
      kind: 'abort',
      release: release.name,
      environment: release.environment,
      saw: stateSeen(release.started !== undefined),
    },
    confirm: {
      title: release.started ? 'Abort and put back?' : 'Cancel this release?',
      text: shorten(
        release.started
          ? `${list(services)} ${services.length === 1 ? 'goes' : 'go'} back to what was verified in ${release.environment}.`
          : 'Nothing has moved yet.',
        300,
      ),
      yes: release.started ? 'Abort' : 'Cancel it',
      no: 'Keep going',
    },
  };
}

function stateSeen(started: boolean): string {
  return started ? 'moving' : 'not started';
}

function promote({ release, next }: Picture): Button[] {
  if (next === undefined) return [];
  return [
    {
      label: `Promote to ${next}…`,
      style: 'primary',
      does: { kind: 'promote', release: release.name, environment: next },
    },
  ];
}

/** Flags fit beside the other buttons up to here; the rest is `/release flag`'s. */
const FLAGS_SHOWN = 2;

/** Deploying is one thing and releasing another: what it brings is turned up now, and off at any time. */
function flags({ release, flags: state }: Picture): Button[] {
  if (state === undefined) return [];
  return boardFlagLines(release.plan.flags ?? [], state)
    .slice(0, FLAGS_SHOWN)
    .flatMap(({ flag: { key, steps }, now }) =>
      now ? flagButtons({ environment: release.environment, key, steps, now }) : [],
    );
}

function rollBack({ release }: Picture): Button {
  return {
    label: 'Roll back…',
    style: 'danger',
    does: { kind: 'rollbackPlan', environment: release.environment, target: release.name },
  };
}

function why({ release }: Picture): Button[] {
  return release.judgements.length > 0 ? [{ label: 'Why', does: { kind: 'why', release: release.id } }] : [];
}
