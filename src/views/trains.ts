import type { ShownRow } from '../domain/policy/exemption.ts';
import { refusing } from '../domain/policy/row.ts';
import type { EnvironmentRules } from '../domain/rules.ts';
import { code, join, type Mrkdwn, mrkdwn, when } from '../domain/text/mrkdwn.ts';
import type { Message } from '../ports/message.ts';
import { rowLines } from './preflight.ts';
import { count, list, shorten } from './words.ts';

/** Why a train did not leave. */
type Stayed =
  | { kind: 'nothing' }
  | { kind: 'refused'; shown: readonly ShownRow[] }
  | { kind: 'unread'; unread: readonly string[] }
  | { kind: 'impossible'; says: string }
  | { kind: 'waiting'; release: string }
  | { kind: 'there' | 'stopped' };

/** Errors shown whole; the rest is counted. */
const ERRORS_SHOWN = 5;

/** A train that did not leave, in the channel that counted on it. */
export function trainStayed({
  train,
  environment,
  at,
  prefix,
  outcome,
}: {
  train: string;
  environment: Pick<EnvironmentRules, 'name' | 'previous'>;
  /** When it was due, in milliseconds since 1970. */
  at: number;
  /** Before command names. */
  prefix: string;
  outcome: Stayed;
}): Message {
  const { text, lines } = wordsOf(outcome, { ...environment, prefix });
  const what = `Train ${train} → ${environment.name}: ${text}`;
  const due = mrkdwn`*${shorten(what, 300)}*   due ${when(at)}`;
  return { text: shorten(what, 150), blocks: [{ kind: 'section', text: join([due, ...lines], '\n') }] };
}

function wordsOf(
  outcome: Stayed,
  { name, previous, prefix }: Pick<EnvironmentRules, 'name' | 'previous'> & { prefix: string },
): { text: string; lines: Mrkdwn[] } {
  switch (outcome.kind) {
    case 'nothing':
      return {
        text: 'nothing to take',
        lines: [mrkdwn`Everything verified in ${previous ?? ''} runs in ${name} already.`],
      };
    case 'waiting':
      return {
        text: `${outcome.release.split('/')[1] ?? ''} has all of it and is still open`,
        lines: [mrkdwn`Nothing else was cut: decide on that one first.`],
      };
    case 'refused': {
      const errors = refusing(outcome.shown);
      const more = errors.length - ERRORS_SHOWN;
      return {
        text: `not cut, ${count(errors.length, 'rule')} ${errors.length === 1 ? 'refuses' : 'refuse'} it`,
        lines: [
          ...errors.slice(0, ERRORS_SHOWN).map(rowLines),
          ...(more > 0 ? [mrkdwn`_and ${more} more_`] : []),
          byHand(name, prefix),
        ],
      };
    }
    case 'unread':
      return {
        text: `not cut, the source of ${list(outcome.unread)} cannot be read`,
        lines: [mrkdwn`Nobody knows who wrote what is new; they may not approve it.`, byHand(name, prefix)],
      };
    case 'impossible':
      return { text: 'not cut', lines: [mrkdwn`${shorten(outcome.says, 500)}`, byHand(name, prefix)] };
    case 'there':
    case 'stopped':
      return { text: 'not cut', lines: [byHand(name, prefix)] };
  }
}

function byHand(environment: string, prefix: string): Mrkdwn {
  return mrkdwn`When that is put right: ${code(`/${prefix}release cut ${environment}`)}`;
}
