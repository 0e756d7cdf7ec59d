import { z } from 'zod';
import { nameBlocks } from '../blocks/name-blocks.ts';
import { secret } from '../ids.ts';
import {
  deleteMessage,
  dismissEphemeral,
  editMessage,
  postMessage,
  showEphemeral,
} from '../state/messages.ts';
import type { Ephemeral, Message } from '../state/model.ts';
import type { World } from '../state/world.ts';
import type { Timing } from '../timing.ts';
import { type MessageContent, readContent } from '../web-api/message-content.ts';

// Rules: https://docs.slack.dev/interactivity/handling-user-interaction#message_responses.

/** "You can use them up to 5 times within 30 minutes." */
const MAX_USES = 5;

/** Where an answer may go. */
export interface ResponseContext {
  readonly channelId: string;
  readonly userId: string;
  readonly threadTs?: string;
  /** The message that was acted on, which may be replaced or deleted; absent for a command. */
  original?:
    | { readonly kind: 'message'; readonly message: Message }
    | { readonly kind: 'ephemeral'; readonly ephemeral: Ephemeral };
}

/** What the server answers to a post on a response address. */
export interface ResponseUrlAnswer {
  readonly status: number;
  readonly body: string;
}

/** Gives out response addresses, and takes what is posted to them. */
export interface ResponseUrls {
  /** The path of a fresh address. */
  issue(context: ResponseContext): string;
  post(path: string, body: unknown): ResponseUrlAnswer;
}

/** The message an app may answer with: in an acknowledgement, or on a response address. */
export const responseMessage = z.looseObject({
  text: z.string().optional(),
  blocks: z.unknown().optional(),
  response_type: z.enum(['ephemeral', 'in_channel']).optional(),
  replace_original: z.boolean().optional(),
  delete_original: z.boolean().optional(),
  thread_ts: z.string().optional(),
});

/** See {@link responseMessage}. */
export type ResponseMessage = z.output<typeof responseMessage>;

/** Keeps the response addresses of a workspace. */
export function createResponseUrls(world: World, timing: Timing): ResponseUrls {
  const issued = new Map<string, { context: ResponseContext; atMs: number; uses: number }>();
  return {
    issue: (context) => {
      const path = `/response/${world.team.id}/${secret(16)}`;
      issued.set(path, { context, atMs: world.now(), uses: 0 });
      return path;
    },
    post: (path, body) => {
      const entry = issued.get(path);
      // Slack answers 404 with `used_url` and `expired_url` for addresses that are spent (bolt-js, `RespondError`).
      if (entry === undefined) return failed(404, 'no_such_url');
      if (entry.uses >= MAX_USES) return failed(404, 'used_url');
      if (world.now() - entry.atMs > timing.responseUrlMs) return failed(404, 'expired_url');
      const parsed = responseMessage.safeParse(body);
      if (!parsed.success) return failed(400, 'invalid_payload');
      const outcome = applyResponse(world, entry.context, parsed.data);
      if (outcome !== undefined) return failed(400, outcome);
      entry.uses += 1;
      return { status: 200, body: JSON.stringify({ ok: true }) };
    },
  };
}

/** Does what a response message says; answers the name of the refusal, or undefined when it was done. */
export function applyResponse(
  world: World,
  context: ResponseContext,
  response: ResponseMessage,
): string | undefined {
  const { original } = context;
  if (response.delete_original === true) {
    if (original?.kind === 'message') deleteMessage(world, original.message);
    if (original?.kind === 'ephemeral') dismissEphemeral(world, original.ephemeral);
    delete context.original;
    return undefined;
  }
  const content = readContent(world, response);
  if (content.kind === 'refused') return content.error;
  if (response.replace_original === true && original !== undefined) replace(world, original, content);
  else post(world, context, { content, response });
  return undefined;
}

function replace(
  world: World,
  original: NonNullable<ResponseContext['original']>,
  content: MessageContent,
): void {
  if (original.kind === 'message') {
    editMessage(world, original.message, { ...content, userId: world.app.botUserId });
    return;
  }
  const { ephemeral } = original;
  ephemeral.text = content.text;
  ephemeral.blocks = nameBlocks(content.blocks);
  world.tell({ kind: 'screen_changed', userId: ephemeral.userId });
}

function post(
  world: World,
  context: ResponseContext,
  { content, response }: { content: MessageContent; response: ResponseMessage },
): void {
  const channel = world.channels.get(context.channelId);
  if (channel === undefined) return;
  const threadTs = response.thread_ts ?? context.threadTs;
  const inThread = threadTs === undefined ? {} : { threadTs };
  const { text, blocks } = content;
  if (response.response_type === 'in_channel') {
    const userId = world.app.botUserId;
    const message = postMessage(world, channel, { userId, isByApp: true, text, blocks, ...inThread });
    context.original ??= { kind: 'message', message };
    return;
  }
  const ephemeral = showEphemeral(world, {
    channelId: channel.id,
    userId: context.userId,
    author: 'app',
    text,
    blocks,
    ...inThread,
  });
  context.original ??= { kind: 'ephemeral', ephemeral };
}

function failed(status: number, error: string): ResponseUrlAnswer {
  return { status, body: JSON.stringify({ ok: false, error }) };
}
