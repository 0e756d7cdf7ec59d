import type { Block } from '../blocks/block.ts';
import type { ViewContent } from '../blocks/view.ts';

/** What a person is to the workspace: see `seed.ts`. */
export type PersonKind = 'member' | 'guest' | 'single_channel_guest' | 'external' | 'bot' | 'deactivated';

/** Somebody with a user id, the app's bot among them. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly kind: PersonKind;
  /** Another id than the workspace's for people of other companies. */
  readonly teamId: string;
  /** Words for the page; empty where nothing was said. */
  readonly role: string;
  readonly isAdmin: boolean;
  readonly timeZone: string;
}

/** A group of people that can be mentioned together. */
export interface Usergroup {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  /** User ids. */
  members: string[];
  readonly isDisabled: boolean;
}

/** Data an app attaches to a message: `@slack/types` `message-metadata.d.ts`. */
export interface MessageMetadata {
  readonly event_type: string;
  readonly event_payload: Record<string, unknown>;
}

/** A reaction and who gave it, in order. */
export interface Reaction {
  readonly name: string;
  readonly users: string[];
}

/** A message in a channel, at the top or in a thread. */
export interface Message {
  readonly channelId: string;
  readonly ts: string;
  /** Parent's `ts` for a reply; absent for a message at the top. */
  readonly threadTs?: string;
  /** A reply that is shown in the channel too. */
  isBroadcast: boolean;
  /** User id of the author; the bot's for what the app says. */
  readonly userId: string;
  /** Whether the app wrote it. */
  readonly isByApp: boolean;
  /** Slack's word for messages that no one wrote: `channel_join`, `tombstone`; absent for ordinary ones. */
  subtype?: 'channel_join' | 'channel_topic' | 'channel_purpose' | 'channel_archive' | 'tombstone';
  text: string;
  blocks: Block[];
  metadata?: MessageMetadata;
  readonly clientMsgId: string;
  reactions: Reaction[];
  /** Who edited it last and when; absent until edited. */
  edited?: { readonly userId: string; readonly ts: string };
  readonly fileIds: readonly string[];
  readonly unfurlLinks: boolean;
}

/** A message that one person sees once and that is in no history. */
export interface Ephemeral {
  readonly channelId: string;
  readonly ts: string;
  readonly threadTs?: string;
  /** The one who sees it. */
  readonly userId: string;
  /** Slack itself speaks when a command could not be delivered. */
  readonly author: 'app' | 'slackbot';
  text: string;
  blocks: Block[];
}

/** A channel or a direct conversation. */
export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly kind: 'public' | 'private' | 'im';
  readonly isGeneral: boolean;
  isArchived: boolean;
  readonly creatorId: string;
  readonly createdSeconds: number;
  topic: string;
  purpose: string;
  readonly members: Set<string>;
  /** All messages, replies among them, in the order they were posted. */
  readonly messages: Message[];
  readonly bookmarks: Bookmark[];
  readonly pins: string[];
}

/** A link in a channel's head. */
export interface Bookmark {
  readonly id: string;
  readonly title: string;
  readonly link: string;
  readonly emoji: string;
}

/** The value of one input, as `state.values` holds it. */
export type InputValue = { readonly type: string } & Readonly<Record<string, unknown>>;

/** Inputs by block id and action id: `view.state.values`, `state.values`. */
export type InputValues = Record<string, Record<string, InputValue>>;

/** A modal on a person's screen, or the person's home tab. */
export interface OpenView {
  readonly id: string;
  readonly userId: string;
  content: ViewContent;
  /** Changes with each update: "to protect against possible race conditions" (https://docs.slack.dev/reference/methods/views.update). */
  hash: string;
  values: InputValues;
  /** Errors by block id, as the app answered the last submission. */
  errors: Readonly<Record<string, string>>;
  /** Bottom of the stack; its own id for the bottom. */
  readonly rootId: string;
  /** The view beneath; absent for the bottom. */
  readonly previousId?: string;
}

/** Somebody's phone lit up. */
export interface Notification {
  readonly userId: string;
  readonly channelId: string;
  readonly ts: string;
  /** Why: named, through a group, through @here and @channel, or because it is a direct message. */
  readonly why: 'mention' | 'usergroup' | 'broadcast' | 'direct';
  /** The lock-screen line: the message's `text`. */
  readonly text: string;
}

/** A file that was uploaded, or that a place was asked for. */
export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly lengthBytes: number;
  readonly uploadToken: string;
  title: string;
  altText: string;
  /** Absent until uploaded. */
  content?: Buffer;
  /** False until `files.completeUploadExternal`. */
  isComplete: boolean;
}

/** The installed app. */
export interface AppIdentity {
  readonly appId: string;
  readonly botId: string;
  readonly botUserId: string;
  readonly name: string;
}
