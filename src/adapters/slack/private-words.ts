import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { attempt } from './api-fault.ts';
import type { RenderedMessage } from './render/message.ts';
import type { Delivered } from './response-url.ts';

const Opened = z.looseObject({ channel: z.looseObject({ id: z.string() }) });

/** Shows a message to one person in a channel: both they and the bot must be in it. */
export async function showTo(
  client: WebClient,
  to: { channel: string; user: string },
  message: RenderedMessage,
): Promise<Delivered> {
  return delivered(await attempt(() => client.apiCall('chat.postEphemeral', { ...to, ...message })));
}

/** Writes to a person directly. */
export async function writeTo(client: WebClient, user: string, message: RenderedMessage): Promise<Delivered> {
  const opened = await directChannel(client, user);
  if ('kind' in opened) return opened;
  const post = { ...opened, ...message, unfurl_links: false, unfurl_media: false };
  return delivered(await attempt(() => client.apiCall('chat.postMessage', post)));
}

/** The direct conversation with a person, opened if need be; how it ended when there is none. */
export async function directChannel(
  client: WebClient,
  user: string,
): Promise<{ channel: string } | Delivered> {
  const opened = await attempt(() => client.apiCall('conversations.open', { users: user }));
  // Opening does nothing that could be said twice, so even a lost answer closes this way only.
  if (opened.kind !== 'ok')
    return { kind: 'closed', why: opened.kind === 'refused' ? opened.code : opened.kind };
  return { channel: Opened.parse(opened.value).channel.id };
}

/** How a call that shows something ended. */
export function delivered(done: Awaited<ReturnType<typeof attempt>>): Delivered {
  switch (done.kind) {
    case 'ok':
      return { kind: 'delivered' };
    case 'refused':
      return { kind: 'closed', why: `${done.code}${done.detail}` };
    case 'limited':
      return { kind: 'closed', why: 'too many calls' };
    case 'unavailable':
      return { kind: done.ambiguous ? 'unsure' : 'closed', why: done.why };
  }
}
