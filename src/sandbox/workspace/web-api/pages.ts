import { type Refused, refuse } from './answer.ts';

/** One page of a list and the cursor for the next; an empty cursor at the end, as Slack writes it. */
export interface Page<T> {
  readonly kind: 'page';
  readonly items: readonly T[];
  readonly nextCursor: string;
}

/** Cuts a page out of a list: https://docs.slack.dev/apis/web-api/pagination. The cursor is an offset in base 64. */
export function pageOf<T>(
  list: readonly T[],
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
): Page<T> | Refused {
  const start = cursor === undefined || cursor === '' ? 0 : offsetOf(cursor);
  if (Number.isNaN(start)) return refuse('invalid_cursor');
  const items = list.slice(start, start + limit);
  const next = start + items.length;
  return {
    kind: 'page',
    items,
    nextCursor: next < list.length ? Buffer.from(`next:${next}`).toString('base64') : '',
  };
}

function offsetOf(cursor: string): number {
  const [, digits] = /^next:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString()) ?? [];
  return Number(digits ?? Number.NaN);
}
