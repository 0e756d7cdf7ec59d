import { z } from 'zod';
import { attempt } from './api-fault.ts';
import type { Clients } from './clients.ts';
import { delivered, directChannel } from './private-words.ts';
import type { Delivered } from './response-url.ts';

const Upload = z.looseObject({ upload_url: z.url(), file_id: z.string() });

const UPLOAD_TIMEOUT_MS = 5_000;

/**
 * Sends a text as a file into the direct conversation with a person: a file in a channel would be everybody's. Three steps:
 * https://docs.slack.dev/messaging/working-with-files#upload. The bot token goes to the Web API only, not to the upload address.
 */
export async function sendFile(
  { outbox: client }: Clients,
  { user, name, text }: { user: string; name: string; text: string },
): Promise<Delivered> {
  const direct = await directChannel(client, user);
  if ('kind' in direct) return direct;
  const bytes = new TextEncoder().encode(text);
  const ticket = await attempt(() =>
    client.apiCall('files.getUploadURLExternal', { filename: name, length: bytes.byteLength }),
  );
  if (ticket.kind !== 'ok') return delivered(ticket);
  const { upload_url, file_id } = Upload.parse(ticket.value);
  const uploaded = await upload(upload_url, bytes);
  if (!uploaded) return { kind: 'closed', why: 'the upload was refused' };
  const files = [{ id: file_id, title: name }];
  const place = { channel_id: direct.channel, files };
  return delivered(await attempt(() => client.apiCall('files.completeUploadExternal', place)));
}

async function upload(url: string, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(UPLOAD_TIMEOUT_MS);
    const response = await fetch(url, { method: 'POST', body: bytes, redirect: 'error', signal });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
