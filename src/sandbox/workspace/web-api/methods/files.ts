import { z } from 'zod';
import { secret } from '../../ids.ts';
import { fileObject } from '../../objects/file-object.ts';
import { postMessage } from '../../state/messages.ts';
import type { StoredFile } from '../../state/model.ts';
import { ok, refuse } from '../answer.ts';
import { defineMethod, structure, whole } from '../method.ts';
import { openChannel } from '../visible-channel.ts';
import { judgeThread } from './chat-post.ts';

/** "Description for the image is longer than the limit of 1000 character": https://docs.slack.dev/reference/methods/files.getUploadURLExternal. */
const MAX_ALT_TEXT = 1000;

/** https://docs.slack.dev/reference/methods/files.getUploadURLExternal. */
export const filesGetUploadUrl = defineMethod({
  name: 'files.getUploadURLExternal',
  tier: 4,
  scopes: ['files:write'],
  args: z.looseObject({ filename: z.string().min(1), length: whole, alt_txt: z.string().optional() }),
  run: ({ filename, length, alt_txt: altText = '' }, { world, url }) => {
    // "Typically only occurs when the `length` provided is 0": `missing_argument` of the same page.
    if (length <= 0) return refuse('missing_argument');
    if (altText.length > MAX_ALT_TEXT) return refuse('alt_txt_too_large');
    const file: StoredFile = {
      id: world.nextId('F'),
      name: filename,
      lengthBytes: length,
      uploadToken: secret(16),
      title: filename,
      altText,
      isComplete: false,
    };
    world.files.set(file.id, file);
    return ok({ file_id: file.id, upload_url: `${url}/upload/v1/${file.uploadToken}` });
  },
});

const fileList = z.array(z.looseObject({ id: z.string(), title: z.string().optional() })).min(1);

/** https://docs.slack.dev/reference/methods/files.completeUploadExternal. Without a channel the file stays with the app. */
export const filesCompleteUpload = defineMethod({
  name: 'files.completeUploadExternal',
  tier: 4,
  scopes: ['files:write'],
  args: z.looseObject({
    files: structure.pipe(fileList),
    channel_id: z.string().optional(),
    thread_ts: z.string().optional(),
    initial_comment: z.string().optional(),
  }),
  run: (given, { world, url }) => {
    const files = given.files.map(({ id, title }) => ({ file: world.files.get(id), title }));
    if (files.some(({ file }) => file?.content === undefined)) return refuse('file_not_found');
    const found = given.channel_id === undefined ? undefined : openChannel(world, given.channel_id);
    if (found?.kind === 'refused') return found;
    const refusal = found === undefined ? undefined : judgeThread(found.channel, given.thread_ts);
    if (refusal !== undefined) return refusal;
    const complete = files.flatMap(({ file, title }) => {
      if (file === undefined) return [];
      file.isComplete = true;
      if (title !== undefined) file.title = title;
      return [file];
    });
    if (found !== undefined) {
      postMessage(world, found.channel, {
        userId: world.app.botUserId,
        isByApp: true,
        text: given.initial_comment ?? '',
        blocks: [],
        fileIds: complete.map(({ id }) => id),
        ...(given.thread_ts === undefined ? {} : { threadTs: given.thread_ts }),
      });
    }
    return ok({ files: complete.map((file) => fileObject(file, url)) });
  },
});
