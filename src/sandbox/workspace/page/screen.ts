import type { Block } from '../blocks/block.ts';
import { fileObject, mimeTypeOf } from '../objects/file-object.ts';
import type { WorkspaceParts } from '../parts.ts';
import { channelsOnScreen, startingChannel } from '../people/person.ts';
import { messageValues } from '../state/inputs.ts';
import { repliesTo, topMessages } from '../state/messages.ts';
import type {
  Bookmark,
  Channel,
  InputValues,
  Message,
  Notification,
  OpenView,
  Person,
} from '../state/model.ts';
import { modalStack } from '../state/views.ts';
import type { World } from '../state/world.ts';

/** Everything the page draws for one person looking at one channel. Plain JSON. */
export interface Screen {
  readonly teamName: string;
  readonly app: ScreenApp;
  readonly me: ScreenPerson;
  readonly people: readonly ScreenPerson[];
  readonly usergroups: readonly { readonly id: string; readonly name: string; readonly handle: string }[];
  readonly channels: readonly ScreenChannel[];
  /** Where the person starts; null for somebody who is in no channel. */
  readonly startChannelId: string | null;
  /** Of the channel looked at, threads included, oldest first; the last 300. */
  readonly messages: readonly ScreenMessage[];
  /** Modal stack, bottom first. */
  readonly modals: readonly ScreenView[];
  readonly home: ScreenView | null;
  /** The latest notifications of this person, newest last. */
  readonly notifications: readonly Notification[];
  /** Markdown; empty for no panel. */
  readonly thingsToTry: string;
}

/** The installed app, as far as people see it. */
export interface ScreenApp {
  readonly name: string;
  readonly botUserId: string;
  readonly hasHome: boolean;
  readonly commands: readonly {
    readonly command: string;
    readonly description: string;
    readonly hint: string;
  }[];
  readonly messageShortcuts: readonly { readonly id: string; readonly name: string }[];
  readonly globalShortcuts: readonly { readonly id: string; readonly name: string }[];
}

/** Somebody, as the page names and colours them. */
export interface ScreenPerson {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly role: string;
  readonly kind: Person['kind'];
  /** Degrees on the colour wheel, far from the neighbours'. */
  readonly hue: number;
  /** Notifications the person has not looked at. */
  readonly waiting: number;
}

/** A channel in the side bar. */
export interface ScreenChannel {
  readonly id: string;
  /** The other person's name for a direct conversation. */
  readonly name: string;
  readonly kind: Channel['kind'];
  readonly isArchived: boolean;
  readonly isMember: boolean;
  readonly topic: string;
  readonly memberCount: number;
  readonly hasUnread: boolean;
  /** Unread notifications. */
  readonly mentions: number;
  readonly bookmarks: readonly Bookmark[];
}

/** A message as this person sees it. */
export interface ScreenMessage {
  readonly ts: string;
  readonly threadTs: string | null;
  readonly isBroadcast: boolean;
  /** User id; null for Slack itself. */
  readonly userId: string | null;
  readonly isByApp: boolean;
  readonly isEphemeral: boolean;
  readonly isMine: boolean;
  /** Lines that no one wrote: joins, topics. */
  readonly isNotice: boolean;
  readonly isEdited: boolean;
  readonly isPinned: boolean;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly values: InputValues;
  readonly reactions: readonly { readonly name: string; readonly users: readonly string[] }[];
  readonly replies: {
    readonly count: number;
    readonly userIds: readonly string[];
    readonly lastTs: string;
  } | null;
  readonly files: readonly {
    readonly name: string;
    readonly url: string;
    readonly alt: string;
    readonly isImage: boolean;
  }[];
}

/** A modal or home tab. */
export interface ScreenView {
  readonly id: string;
  /** Changes when the app changes the view. */
  readonly hash: string;
  readonly title: string;
  readonly submit: string | null;
  readonly close: string | null;
  readonly blocks: readonly Block[];
  readonly values: InputValues;
  readonly errors: Readonly<Record<string, string>>;
}

/** Long enough to scroll, short enough to send on every change. */
const LATEST_MESSAGES = 300;
const LATEST_NOTIFICATIONS = 20;

/** Steps of so many degrees around a circle never come close to each other. */
const GOLDEN_ANGLE = 137.5;

/** Draws up the screen of a person. `channelId` is the channel looked at; one the person cannot see has no messages. */
export function screenOf(
  parts: Pick<WorkspaceParts, 'world' | 'manifest' | 'ownCommands'>,
  person: Person,
  { channelId, thingsToTry }: { readonly channelId: string; readonly thingsToTry: string },
): Screen {
  const { world } = parts;
  const visible = channelsOnScreen(world, person);
  const looked = visible.find(({ id }) => id === channelId);
  const home = world.homes.get(person.id);
  return {
    teamName: world.team.name,
    app: screenApp(parts),
    me: screenPerson(world, person),
    people: [...world.people.values()].map((somebody) => screenPerson(world, somebody)),
    usergroups: [...world.usergroups.values()].map(({ id, name, handle }) => ({ id, name, handle })),
    channels: visible.map((channel) => screenChannel(world, person, channel)),
    startChannelId: startingChannel(world, person)?.id ?? null,
    messages: looked === undefined ? [] : channelMessages(world, person, looked),
    modals: modalStack(world, person.id).map(screenView),
    home: home === undefined ? null : screenView(home),
    notifications: world.notifications
      .filter(({ userId }) => userId === person.id)
      .slice(-LATEST_NOTIFICATIONS),
    thingsToTry,
  };
}

function screenApp({
  world,
  manifest,
  ownCommands,
}: Pick<WorkspaceParts, 'world' | 'manifest' | 'ownCommands'>): ScreenApp {
  const { slash_commands: commands, shortcuts, app_home: appHome } = manifest.features;
  const ofType = (wanted: 'message' | 'global') =>
    shortcuts.filter(({ type }) => type === wanted).map(({ callback_id: id, name }) => ({ id, name }));
  return {
    name: world.app.name,
    botUserId: world.app.botUserId,
    hasHome: appHome.home_tab_enabled,
    commands: [...commands, ...ownCommands].map(({ command, description, usage_hint: hint = '' }) => ({
      command,
      description,
      hint,
    })),
    messageShortcuts: ofType('message'),
    globalShortcuts: ofType('global'),
  };
}

function screenPerson(world: World, { id, name, realName, role, kind }: Person): ScreenPerson {
  const hue = ([...world.people.keys()].indexOf(id) * GOLDEN_ANGLE) % 360;
  return { id, name, realName, role, kind, hue, waiting: unreadNotifications(world, id).length };
}

function unreadNotifications(world: World, personId: string): Notification[] {
  const reads = world.reads.get(personId);
  return world.notifications.filter(
    ({ userId, channelId, ts }) => userId === personId && Number(ts) > Number(reads?.get(channelId) ?? 0),
  );
}

function screenChannel(world: World, person: Person, channel: Channel): ScreenChannel {
  const read = world.reads.get(person.id)?.get(channel.id) ?? '0';
  const isNew = ({ ts }: { ts: string }) => Number(ts) > Number(read);
  const isMember = channel.members.has(person.id);
  const other = [...channel.members].find((id) => id !== person.id) ?? person.id;
  return {
    id: channel.id,
    name: channel.kind === 'im' ? (world.people.get(other)?.realName ?? '') : channel.name,
    kind: channel.kind,
    isArchived: channel.isArchived,
    isMember,
    topic: channel.topic || channel.purpose,
    memberCount: channel.members.size,
    hasUnread:
      isMember && topMessages(channel).some((message) => isNew(message) && message.userId !== person.id),
    mentions: unreadNotifications(world, person.id).filter(({ channelId }) => channelId === channel.id)
      .length,
    bookmarks: channel.bookmarks,
  };
}

function channelMessages(world: World, person: Person, channel: Channel): ScreenMessage[] {
  const posted = channel.messages.map((message) => screenMessage(world, person, { channel, message }));
  const ephemeral = world.ephemerals
    .filter(({ channelId, userId }) => channelId === channel.id && userId === person.id)
    .map(
      (shown): ScreenMessage => ({
        ...PLAIN,
        ts: shown.ts,
        threadTs: shown.threadTs ?? null,
        userId: shown.author === 'app' ? world.app.botUserId : null,
        isByApp: shown.author === 'app',
        isEphemeral: true,
        text: shown.text,
        blocks: shown.blocks,
        values: messageValues(world, person.id, shown),
      }),
    );
  return [...posted, ...ephemeral].sort((a, b) => a.ts.localeCompare(b.ts)).slice(-LATEST_MESSAGES);
}

/** What most messages are not. */
const PLAIN = {
  isBroadcast: false,
  isEphemeral: false,
  isMine: false,
  isNotice: false,
  isEdited: false,
  isPinned: false,
  reactions: [],
  replies: null,
  files: [],
} as const;

function screenMessage(
  world: World,
  person: Person,
  { channel, message }: { channel: Channel; message: Message },
): ScreenMessage {
  const replies = repliesTo(channel, message.ts);
  const last = replies.at(-1);
  return {
    ...PLAIN,
    ts: message.ts,
    threadTs: message.threadTs ?? null,
    isBroadcast: message.isBroadcast,
    userId: message.userId,
    isByApp: message.isByApp,
    isMine: message.userId === person.id && message.subtype === undefined,
    isNotice: message.subtype !== undefined,
    isEdited: message.edited !== undefined,
    isPinned: channel.pins.includes(message.ts),
    text: message.text,
    blocks: message.blocks,
    values: messageValues(world, person.id, message),
    reactions: message.reactions,
    replies:
      last === undefined
        ? null
        : {
            count: replies.length,
            userIds: [...new Set(replies.map(({ userId }) => userId))],
            lastTs: last.ts,
          },
    files: message.fileIds.flatMap((id) => {
      const file = world.files.get(id);
      if (file === undefined) return [];
      const isImage = mimeTypeOf(file.name).startsWith('image/');
      return [
        { name: file.title, url: String(fileObject(file, '')['url_private']), alt: file.altText, isImage },
      ];
    }),
  };
}

function screenView(view: OpenView): ScreenView {
  const { content, id, hash, values, errors } = view;
  const isModal = content.type === 'modal';
  return {
    id,
    hash,
    title: isModal ? content.title.text : '',
    submit: isModal ? (content.submit?.text ?? null) : null,
    close: isModal ? (content.close?.text ?? null) : null,
    blocks: content.blocks,
    values,
    errors,
  };
}
