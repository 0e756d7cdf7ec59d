import { join, type Mrkdwn, mrkdwn } from '../domain/text/mrkdwn.ts';
import type { Answer, Block, Message } from '../ports/message.ts';
import { count } from './words.ts';

/** One line of a long list: as a message shows it, and as a file has it. */
export interface Row {
  line: Mrkdwn;
  /** Without markup. */
  text: string;
}

/** Lines that a message shows; the rest is counted, and all of them are in a file. A phone shows about this many. */
export const MOST_ROWS = 15;

/** A list in one message: whole, or its beginning with the rest in one file. */
export function listed(list: {
  /** The lock-screen line. */
  text: string;
  /** What stands before the rows. */
  head: readonly Block[];
  rows: readonly Row[];
  /** What stands behind them. */
  tail?: readonly Block[];
  /** What one row is about: `service`. */
  noun: string;
  /** The file's name. */
  file: string;
}): Answer {
  const { text, head, rows, tail = [], noun, file } = list;
  const shown = rows.slice(0, MOST_ROWS).map(({ line }) => line);
  const rest = rows.length - shown.length;
  const lines = rest > 0 ? [...shown, mrkdwn`_and ${count(rest, `more ${noun}`)}_`] : shown;
  const blocks: Block[] = lines.length > 0 ? [{ kind: 'section', text: join(lines, '\n') }] : [];
  const message: Message = { text, blocks: [...head, ...blocks, ...tail] };
  if (rest === 0) return { kind: 'message', message };
  const whole = [text, '', ...rows.map((row) => row.text), ''].join('\n');
  return { kind: 'file', name: file, text: whole, message };
}
