import type { PersonId } from '../../../domain/ids.ts';
import type { ReplyAddress, Request } from '../../../domain/request.ts';
import type { Message } from '../../../ports/message.ts';

/** What a person asked for by way of Slack. */
export interface Asked {
  /** The same delivery sent again has the same one. */
  id: string;
  principal: PersonId;
  /** Channel it was asked in; absent in App Home, modals and events that have none. */
  channel?: string;
  request: Request;
  replyTo: Extract<ReplyAddress, { kind: 'slack' }>;
  /** The answer is a form: a modal opens at once under this title. */
  opens?: { title: string; triggerId: string };
}

/** What a payload turned out to be. */
export type Heard =
  | { kind: 'asked'; asked: Asked }
  /** There is nothing to carry out, and the person is told so at once. */
  | { kind: 'told'; message: Message; faults?: { field: string; wrong: string }[] }
  /** Not for us. */
  | { kind: 'ignored' };

/** The identity of a delivery, from what Slack gives it: unique for the workspace, and it says what it was. */
export function deliveryId(
  kind: 'command' | 'press' | 'form' | 'shortcut' | 'event',
  ...parts: string[]
): string {
  return ['slack', kind, ...parts].join('.');
}
