import type { PersonId } from '../domain/ids.ts';
import type { ReplyAddress } from '../domain/request.ts';
import type { Answer, Message } from './message.ts';

export type Posted =
  | { kind: 'posted'; channel: string; ts: string }
  /** It cannot be said there until a person does something: the bot is not in the channel, the channel is archived … */
  | { kind: 'refused'; reason: string };

export type Edited = { kind: 'edited' } | { kind: 'gone' } | { kind: 'refused'; reason: string };

/**
 * The chat workspace, outgoing. Posts and edits are paced inside Slack's limits by the adapter. Methods throw
 * `UnavailableError` (with `ambiguous` when the message may have been posted).
 */
export interface Chat {
  /** `operation` travels as message metadata, so that a post whose answer was lost can be found again. */
  post(post: { channel: string; thread?: string; operation: string; message: Message }): Promise<Posted>;
  /** The message that carries `operation`, posted at or after `since` (milliseconds since 1970). */
  find(query: {
    channel: string;
    thread?: string;
    operation: string;
    since: number;
  }): Promise<string | undefined>;
  /**
   * Shows `message` in the place of an earlier one, as soon as the limits allow; of several edits that wait for one
   * message only the newest is sent. `urgent` goes first.
   */
  edit(edit: { channel: string; ts: string; message: Message; urgent: boolean }): Promise<Edited>;
  /** Answers a person, by whatever the address still allows: at most once, never guaranteed. */
  reply(address: ReplyAddress, answer: Answer): Promise<void>;
  /** Only this person sees it. */
  whisper(to: { channel: string; person: PersonId; message: Message }): Promise<void>;
  createChannel(
    name: string,
  ): Promise<
    | { kind: 'created'; channel: string }
    | { kind: 'taken'; channel?: string }
    | { kind: 'refused'; reason: string }
  >;
  invite(channel: string, people: readonly PersonId[]): Promise<void>;
  /** What a person wrote there; absent when it is gone, is not theirs, or the bot may not read it. */
  read(channel: string, ts: string): Promise<{ author: PersonId; text: string } | undefined>;
  permalink(channel: string, ts: string): Promise<string | undefined>;
  publishHome(person: PersonId, message: Message): Promise<void>;
}
