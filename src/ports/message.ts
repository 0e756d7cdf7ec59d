import type { Request } from '../domain/request.ts';
import type { Mrkdwn } from '../domain/text/mrkdwn.ts';

/** Asked before a button does what it does. At most 300 characters of text: a confirm repeats what goes. */
export interface Confirm {
  title: string;
  text: string;
  yes: string;
  no: string;
}

/** A button carries a request; the chat adapter keeps it and puts only an opaque id on the wire. */
export type Button =
  | { label: string; does: Request; style?: 'primary' | 'danger'; confirm?: Confirm }
  | { label: string; url: string };

/** A message's pieces, fewer than Slack has: what these cannot say, a board does not need. */
export type Block =
  | { kind: 'header'; text: string }
  | { kind: 'section'; text: Mrkdwn; button?: Button }
  | { kind: 'fields'; fields: Mrkdwn[] }
  | { kind: 'context'; texts: Mrkdwn[] }
  | { kind: 'buttons'; buttons: Button[] }
  | { kind: 'image'; url: string; alt: string }
  | { kind: 'divider' };

/** Something to say. */
export interface Message {
  /** The lock-screen line: the whole state in one sentence without markup. */
  text: string;
  blocks: Block[];
}

/** A field of a form. Its value arrives under `field` of the request the form carries. */
export type Input =
  | {
      kind: 'text';
      field: string;
      label: string;
      initial?: string;
      multiline?: boolean;
      optional?: boolean;
      maxLength?: number;
    }
  | {
      kind: 'choose';
      field: string;
      label: string;
      options: { value: string; label: string }[];
      initial?: string;
      optional?: boolean;
    }
  | {
      kind: 'tick';
      field: string;
      label: string;
      options: { value: string; label: string; hint?: string }[];
      initial?: string[];
    };

/** A modal, or the same card as a message to the one person where a modal can no longer be opened. */
export interface Form {
  /** At most 24 characters. */
  title: string;
  message: Message;
  inputs: Input[];
  /** Absent: nothing to send, only to read. The inputs' values are merged into `does` by field name. */
  submit?: { label: string; does: Request };
}

/** What a person gets back for a request. */
export type Answer =
  /** To the person only. */
  | { kind: 'message'; message: Message }
  /** To the person only: what they asked for was not done, and why. Scripts go by it, where people read the words. */
  | { kind: 'refused'; message: Message }
  | { kind: 'form'; form: Form }
  /** A file's text, such as a timeline. */
  | { kind: 'file'; name: string; text: string; message: Message };
