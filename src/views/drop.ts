import { type ServiceName, splitReleaseId } from '../domain/ids.ts';
import type { ReleaseState } from '../domain/release/release-state.ts';
import type { Request } from '../domain/request.ts';
import { channelLink, code, join, mrkdwn } from '../domain/text/mrkdwn.ts';
import type { Answer, Button } from '../ports/message.ts';
import { card } from './answers.ts';
import { count, list, shorten } from './words.ts';

type Drop = Extract<Request, { kind: 'drop' }>;

/** Others of the release need what is to be dropped: a person decides whether they go too. */
export function askAboutDependents(asked: {
  release: ReleaseState;
  dropped: readonly ServiceName[];
  dependents: readonly ServiceName[];
  request: Drop;
}): Answer {
  const { release, dropped, dependents, request } = asked;
  const text = `${list(dependents)} ${dependents.length === 1 ? 'depends' : 'depend'} on ${list(dropped)}`;
  const meant = { ...request, release: release.name, environment: release.environment };
  const seen = { planHash: release.planHash, state: 'awaitingApproval' };
  const everything = Object.keys(release.plan.services).length === dropped.length + dependents.length;
  const all: Button = everything
    ? cancelButton(release)
    : {
        label: shorten(`Drop all ${dropped.length + dependents.length}`, 75),
        style: 'primary',
        does: { ...meant, dependents: 'drop', seen },
      };
  return card(`${text}: drop them too?`, {
    lines: [
      mrkdwn`*${text}.* Nothing is dropped yet: should ${dependents.length === 1 ? 'it' : 'they'} go too?`,
      mrkdwn`Left in, ${list(dependents)} would go out against the ${list(dropped)} that ${release.environment} runs now; the checks are made again.`,
    ],
    buttons: [
      all,
      { label: shorten(`Drop only ${list(dropped)}`, 75), does: { ...meant, dependents: 'leave', seen } },
    ],
  });
}

/** Nothing would be left of it. */
export function nothingLeft({
  release,
  dropped,
}: {
  release: ReleaseState;
  dropped: readonly ServiceName[];
}): Answer {
  const text = `Without ${list(dropped)} nothing is left to do in ${release.name}. Not done.`;
  return card(text, {
    lines: [mrkdwn`${text}`, mrkdwn`Cancel the whole release instead?`],
    buttons: [cancelButton(release)],
  });
}

/** It is under way, and what is under way goes on whole or goes back. */
export function alreadyMoving({
  release,
  dropped,
  prefix,
}: {
  release: ReleaseState;
  dropped: readonly ServiceName[];
  /** Before command names. */
  prefix: string;
}): Answer {
  const text = `${release.name} has begun in ${release.environment}: nothing can be dropped from it any more. Not done.`;
  return card(text, {
    lines: [
      mrkdwn`${text}`,
      mrkdwn`To take one service back, and what needs it: ${code(`/${prefix}rollback ${dropped[0] ?? ''}`)}`,
    ],
    buttons: [
      {
        label: 'Roll back…',
        style: 'danger',
        does: { kind: 'rollbackPlan', environment: release.environment, target: dropped[0] ?? '' },
      },
    ],
  });
}

/** What took the release's place, whose approval counts on, and who is asked again. */
export function droppedAnswer({
  old,
  next,
  channel,
  nameOf,
}: {
  old: ReleaseState;
  next: ReleaseState;
  channel: string;
  nameOf(id: string): string;
}): Answer {
  const dropped = Object.keys(old.plan.services).filter(
    (service) => !Object.hasOwn(next.plan.services, service),
  );
  const kept = next.approvals.filter((each) => each.services !== undefined);
  const asked = old.approvals.filter(({ person }) => !kept.some((each) => each.person === person));
  const text = `${next.name} takes the place of ${old.name}, without ${list(dropped)}`;
  const lines = [
    mrkdwn`*${text}.* ${count(Object.keys(next.plan.services).length, 'service')} left; its board is in ${channelLink(channel)}.`,
    ...kept.map(
      ({ person, services = [] }) => mrkdwn`Still approved by ${nameOf(person)} for ${list(services)}`,
    ),
    ...(asked.length > 0
      ? [
          mrkdwn`Asked again, because it is another release now: ${list(asked.map(({ person }) => nameOf(person)))}`,
        ]
      : []),
  ];
  return { kind: 'message', message: { text, blocks: [{ kind: 'section', text: join(lines, '\n') }] } };
}

function cancelButton(release: ReleaseState): Button {
  const { environment, name } = splitReleaseId(release.id);
  return {
    label: 'Cancel the release',
    style: 'danger',
    does: { kind: 'abort', release: name, environment, saw: 'not started' },
    confirm: {
      title: 'Cancel this release?',
      text: 'Nothing has moved yet.',
      yes: 'Cancel it',
      no: 'Keep it',
    },
  };
}
