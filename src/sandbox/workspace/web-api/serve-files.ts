import type { ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Exchange } from '../exchange.ts';
import { mimeTypeOf } from '../objects/file-object.ts';
import type { WorkspaceParts } from '../parts.ts';
import { readMultipart } from './read-arguments.ts';

/** Takes the bytes of a file at the address `files.getUploadURLExternal` gave: raw, or the first file of a form. */
export async function serveUpload(
  { world }: Pick<WorkspaceParts, 'world'>,
  url: URL,
  { request, response }: Exchange,
): Promise<void> {
  const token = url.pathname.slice('/upload/v1/'.length);
  const file = [...world.files.values()].find(({ uploadToken }) => uploadToken === token);
  const body = await buffer(request);
  const contentType = request.headers['content-type'] ?? '';
  const content = contentType.startsWith('multipart/') ? await firstFile(body, contentType) : body;
  // Slack takes a file once, and of the length that was announced: https://docs.slack.dev/messaging/working-with-files#upload.
  if (file === undefined || file.content !== undefined || content?.length !== file.lengthBytes) {
    response.writeHead(400).end('upload refused');
    return;
  }
  file.content = content;
  response.writeHead(200).end(`OK - ${content.length}`);
}

async function firstFile(body: Buffer, contentType: string): Promise<Buffer | undefined> {
  const parts = Object.values(await readMultipart(body, contentType));
  const file = parts.find((part): part is Blob => part instanceof Blob);
  return file === undefined ? undefined : Buffer.from(await file.arrayBuffer());
}

/** Gives the bytes of a file to whoever may see it; `isAllowed` is the caller's judgement. */
export function serveFile(
  { world }: Pick<WorkspaceParts, 'world'>,
  url: URL,
  { response, isAllowed }: { response: ServerResponse; isAllowed: boolean },
): void {
  const [, , id = ''] = url.pathname.split('/');
  const file = world.files.get(id);
  if (!isAllowed || file?.content === undefined) {
    response.writeHead(isAllowed ? 404 : 403).end();
    return;
  }
  response.writeHead(200, { 'content-type': mimeTypeOf(file.name), 'x-content-type-options': 'nosniff' });
  response.end(file.content);
}
