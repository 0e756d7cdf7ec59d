import type { PersonId } from '../../../src/domain/ids.ts';
import { UnavailableError } from '../../../src/errors.ts';
import type { Chat } from '../../../src/ports/chat.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Answer, Block, Message } from '../../../src/ports/message.ts';

/** A message as it stands in a channel. */
export interface MemoryPost {
  ts: string;
  thread?: string;
  /** Absent: written by the bot. */
  author?: PersonId;
  operation?: string;
  message: Message;
  /** How often it was edited. */
  edits: number;
}

/** A channel. `hasBot`: the bot is in it. */
export interface MemoryChannel {
  id: string;
  name: string;
  hasBot: boolean;
  isArchived: boolean;
  members: Set<PersonId>;
  posts: MemoryPost[];
}

/** What goes wrong with the next call that fits. */
export type ChatFault =
  /** It is done, and the answer lost. */
  | { kind: 'answerLost' }
  /** It is not done: too many calls. */
  | { kind: 'limited'; retryAfterMs: number }
  /** It is not done: nothing can be reached. */
  | { kind: 'away' };

/** Everything there is, to be read and set up by whoever drives it. */
export interface MemoryWorkspace {
  channels: Map<string, MemoryChannel>;
  /** What was said to one person only. */
  told: { person: PersonId | string; answer: Answer }[];
  homes: Map<PersonId, Message>;
  /** While true, every call is `away`. */
  isAway: boolean;
  /** The next call of the method, into the channel where one is named, meets the fault. */
  failNext(fault: ChatFault, on: { method: keyof Chat; channel?: string }): void;
  addChannel(
    channel: { id: string; name?: string } & Partial<Omit<MemoryChannel, 'id' | 'name'>>,
  ): MemoryChannel;
  /** A person writes; the answer is the message's `ts`. */
  say(channel: string, author: PersonId, words: string): string;
}

/** Our clock and the workspace's may differ by this much, as in the real adapter. */
const CLOCK_DIFFERENCE_MS = 60_000;

/** The in-memory twin of the chat workspace: the same answers, no pacing, faults on demand. */
export function createMemoryChat({ clock }: { clock: Clock }): { chat: Chat; workspace: MemoryWorkspace } {
  const faults: { fault: ChatFault; method: keyof Chat; channel: string | undefined }[] = [];
  const nextTs = stamps(clock);
  const workspace = emptyWorkspace(nextTs, (fault, { method, channel }) =>
    faults.push({ fault, method, channel }),
  );

  /** Does it, or what a fault makes of it. */
  const call = <T>(method: keyof Chat, channel: string | undefined, act: () => T): T => {
    if (workspace.isAway) throw new UnavailableError('the workspace is away');
    const at = faults.findIndex((one) => one.method === method && (!one.channel || one.channel === channel));
    const [met] = at < 0 ? [] : faults.splice(at, 1);
    if (met?.fault.kind === 'away') throw new UnavailableError('the workspace is away');
    if (met?.fault.kind === 'limited') {
      throw new UnavailableError('too many calls', { retryAfterMs: met.fault.retryAfterMs });
    }
    const done = act();
    if (met) throw new UnavailableError('the answer was lost', { ambiguous: true });
    return done;
  };
  const doing = { workspace, nextTs, call };
  return {
    workspace,
    chat: { ...posting(doing), ...reading(doing), ...telling(doing), ...channelDoings(doing) },
  };
}

interface Doing {
  workspace: MemoryWorkspace;
  nextTs: () => string;
  call: <T>(method: keyof Chat, channel: string | undefined, act: () => T) => T;
}

function postIn(
  { channels }: MemoryWorkspace,
  { channel, ts }: { channel: string; ts: string },
): MemoryPost | undefined {
  return channels.get(channel)?.posts.find((one) => one.ts === ts);
}

function posting({ workspace, nextTs, call }: Doing): Pick<Chat, 'post' | 'find' | 'edit'> {
  return {
    post: async ({ channel, thread, operation, message }) =>
      call('post', channel, () => {
        const refusal = refusalOf(workspace.channels.get(channel));
        if (refusal) return refusal;
        const ts = nextTs();
        const post = { ts, operation, message, edits: 0, ...(thread === undefined ? {} : { thread }) };
        workspace.channels.get(channel)?.posts.push(post);
        return { kind: 'posted', channel, ts };
      }),
    find: async ({ channel, thread, operation, since }) =>
      call('find', channel, () => {
        const posts = workspace.channels.get(channel)?.posts ?? [];
        const from = (since - CLOCK_DIFFERENCE_MS) / 1000;
        return posts.find(
          (one) => one.operation === operation && one.thread === thread && Number(one.ts) >= from,
        )?.ts;
      }),
    edit: async ({ channel, ts, message }) =>
      call('edit', channel, () => {
        if (workspace.channels.get(channel)?.isArchived)
          return { kind: 'refused', reason: 'the channel is archived' };
        const post = postIn(workspace, { channel, ts });
        if (!post) return { kind: 'gone' };
        post.message = message;
        post.edits += 1;
        return { kind: 'edited' };
      }),
  };
}

function reading({ workspace, call }: Doing): Pick<Chat, 'read' | 'permalink'> {
  return {
    read: async (channel, ts) =>
      call('read', channel, () => {
        const post = postIn(workspace, { channel, ts });
        return post?.author ? { author: post.author, text: post.message.text } : undefined;
      }),
    permalink: async (channel, ts) =>
      call('permalink', channel, () =>
        postIn(workspace, { channel, ts })
          ? `https://memory.example/archives/${channel}/p${ts.replace('.', '')}`
          : undefined,
      ),
  };
}

function telling({ workspace, call }: Doing): Pick<Chat, 'reply' | 'whisper' | 'publishHome'> {
  return {
    reply: async (address, answer) =>
      call('reply', undefined, () => {
        if (address.kind === 'slack') workspace.told.push({ person: address.user, answer });
      }),
    whisper: async ({ channel, person, message }) =>
      call('whisper', channel, () => {
        workspace.told.push({ person, answer: { kind: 'message', message } });
      }),
    publishHome: async (person, message) =>
      call('publishHome', undefined, () => {
        workspace.homes.set(person, message);
      }),
  };
}

function channelDoings({ workspace, call }: Doing): Pick<Chat, 'createChannel' | 'invite'> {
  return {
    createChannel: async (name) =>
      call('createChannel', undefined, () => {
        if (!/^[a-z0-9_-]{1,80}$/.test(name))
          return { kind: 'refused', reason: 'a channel cannot have that name' };
        const taken = [...workspace.channels.values()].find((one) => one.name === name);
        if (taken) return { kind: 'taken', ...(taken.hasBot ? { channel: taken.id } : {}) };
        const { id } = workspace.addChannel({ id: `C${workspace.channels.size + 1}NEW`, name });
        return { kind: 'created', channel: id };
      }),
    invite: async (channel, people) =>
      call('invite', channel, () => {
        for (const person of people) workspace.channels.get(channel)?.members.add(person);
      }),
  };
}

function emptyWorkspace(nextTs: () => string, failNext: MemoryWorkspace['failNext']): MemoryWorkspace {
  const workspace: MemoryWorkspace = {
    channels: new Map(),
    told: [],
    homes: new Map(),
    isAway: false,
    failNext,
    addChannel(given) {
      const channel = {
        name: given.id,
        hasBot: true,
        isArchived: false,
        members: new Set<PersonId>(),
        posts: [],
        ...given,
      };
      workspace.channels.set(channel.id, channel);
      return channel;
    },
    say(channel, author, words) {
      const ts = nextTs();
      workspace.channels
        .get(channel)
        ?.posts.push({ ts, author, message: { text: words, blocks: [] }, edits: 0 });
      return ts;
    },
  };
  return workspace;
}

function refusalOf(channel: MemoryChannel | undefined): { kind: 'refused'; reason: string } | undefined {
  if (channel?.isArchived) return { kind: 'refused', reason: 'the channel is archived' };
  return channel?.hasBot ? undefined : { kind: 'refused', reason: 'the bot is not in the channel' };
}

/** Times of messages: the present second and a number that only grows, so no two are alike. */
function stamps(clock: Clock): () => string {
  let last = 0;
  return () => {
    last += 1;
    return `${Math.floor(clock.now() / 1000)}.${String(last).padStart(6, '0')}`;
  };
}

/** The words of a message's blocks, for assertions. */
export function wordsOf(blocks: readonly Block[]): string {
  return blocks.map(wordsOfBlock).join('\n');
}

function wordsOfBlock(block: Block): string {
  switch (block.kind) {
    case 'header':
      return block.text;
    case 'section':
      return [block.text.mrkdwn, block.button?.label ?? ''].join(' ').trim();
    case 'fields':
      return block.fields.map(({ mrkdwn }) => mrkdwn).join(' ');
    case 'context':
      return block.texts.map(({ mrkdwn }) => mrkdwn).join(' ');
    case 'buttons':
      return block.buttons.map(({ label }) => `[${label}]`).join(' ');
    case 'image':
      return block.alt;
    case 'divider':
      return '';
  }
}
