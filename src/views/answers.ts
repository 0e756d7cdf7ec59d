import { observeRemedy } from '../domain/authorise.ts';
import type { Request } from '../domain/request.ts';
import { code, join, type Mrkdwn, mrkdwn } from '../domain/text/mrkdwn.ts';
import type { Answer, Block, Button } from '../ports/message.ts';

/** One thing said to the person who asked. `text` is what a notification shows. */
export function said(text: string, ...more: Mrkdwn[]): Answer {
  return { ...notDone(text, ...more), kind: 'message' };
}

/** What was asked for was not done: why, and what to do next. */
export function notDone(text: string, ...more: Mrkdwn[]): NotDone {
  return card(text, { lines: [mrkdwn`${text}`, ...more] });
}

/** Lines and buttons for the person who asked: nothing was done yet, and how it goes on is theirs to say. */
export function card(
  text: string,
  { lines, buttons = [] }: { lines: readonly Mrkdwn[]; buttons?: Button[] },
): NotDone {
  const blocks: Block[] = [{ kind: 'section', text: join(lines, '\n') }];
  if (buttons.length > 0) blocks.push({ kind: 'buttons', buttons });
  return { kind: 'refused', message: { text, blocks } };
}

type NotDone = Extract<Answer, { kind: 'refused' }>;

/** A refusal: what, by which rule, and what to do next. Nothing the person prepared is lost. */
export function refusal(why: { says: string; rule: string; remedy?: string; buttons?: Button[] }): Answer {
  const remedy = why.remedy ? [mrkdwn`${why.remedy}`] : [];
  return card(why.says, {
    lines: [mrkdwn`${why.says}`, ...remedy, mrkdwn`_rule ${code(why.rule)}_`],
    ...(why.buttons && { buttons: why.buttons }),
  });
}

/** A refusal for want of a role, with a button that asks those who have it. */
export function needsRole(why: {
  says: string;
  rule: string;
  roles: readonly string[];
  environment: string;
  what: string;
  remedy?: string;
}): Answer {
  const [role] = why.roles;
  const ask: Request | undefined =
    role === undefined ? undefined : { kind: 'askHelp', environment: why.environment, role, what: why.what };
  return refusal({
    says: why.says,
    rule: why.rule,
    ...(why.remedy && { remedy: why.remedy }),
    ...(ask && { buttons: [{ label: `Ask ${role}`, does: ask }] }),
  });
}

/** Nothing is written in an environment that is only observed, whoever asks. */
export function onlyObserved(environment: string): Answer {
  return refusal({
    says: `${environment} is only observed: nothing is written there.`,
    rule: 'observe-only',
    remedy: observeRemedy(environment),
  });
}

/** Several things could be meant, and nothing was done yet: one button each. */
export function choose(question: string, options: { label: string; does: Request }[]): Answer {
  return card(question, { lines: [mrkdwn`${question}`], buttons: options.slice(0, 10) });
}

/** Something broke that should not: only an id is shown, the log has the rest. */
export function defect(id: string): Answer {
  return notDone(
    `That did not work, and it is a fault of mine. It is logged as ${id}; nothing you asked for is lost.`,
  );
}
