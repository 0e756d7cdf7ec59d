import type { StoredFile } from '../state/model.ts';

/** A file as Slack writes it: https://docs.slack.dev/reference/objects/file-object. */
export function fileObject(file: StoredFile, url: string): Record<string, unknown> {
  return {
    id: file.id,
    name: file.name,
    title: file.title,
    alt_txt: file.altText,
    size: file.lengthBytes,
    mimetype: mimeTypeOf(file.name),
    url_private: `${url}/files-pri/${file.id}/${encodeURIComponent(file.name)}`,
  };
}

/** The media type by a file's ending; `application/octet-stream` for endings that are not pictures or text. */
export function mimeTypeOf(name: string): string {
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  const types: Readonly<Record<string, string>> = {
    png: 'image/png',
    jpg: 'image/jpeg',
    jpeg: 'image/jpeg',
    gif: 'image/gif',
    txt: 'text/plain; charset=utf-8',
    md: 'text/plain; charset=utf-8',
    csv: 'text/plain; charset=utf-8',
    json: 'application/json',
  };
  return types[ending] ?? 'application/octet-stream';
}
