import type { TagList } from '../../ports/registry.ts';
import type { Fetcher } from './fetch-manifest.ts';
import { readJson, Tags } from './media-types.ts';
import { refusedBy } from './refused-by.ts';

/** Tags asked for at once: registries answer with at most so many, or fewer. */
const PAGE = 1000;
/** A repository with more is a dump: which of its tags is the newest is then for a narrower repository to say. */
const MOST_PAGES = 20;

/** Every tag of a repository, page after page. Source: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags */
export async function listTags(fetcher: Fetcher, repository: string): Promise<TagList> {
  const tags: string[] = [];
  let query = new URLSearchParams({ n: String(PAGE) });
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await fetcher.get(repository, `tags/list?${query}`);
    if (answer.status === 404) return { kind: 'missing' };
    if (answer.status !== 200) return refusedBy(repository, answer.status);
    const read = Tags.safeParse(readJson(answer.body));
    if (!read.success) return { kind: 'refused', reason: 'what it sent is no list of tags' };
    tags.push(...read.data.tags);
    const next = nextPage(answer.link);
    if (next === undefined) return { kind: 'tags', tags };
    query = next;
  }
  return { kind: 'refused', reason: `it has more than ${tags.length} tags` };
}

/** Only what to ask for next is taken from a link, never where: our credentials stay with this registry. */
function nextPage(link: string): URLSearchParams | undefined {
  const [, target] = /<([^>]*)>\s*;[^,]*rel="?next"?/i.exec(link) ?? [];
  const asked = target === undefined ? undefined : URL.parse(target, 'http://registry')?.searchParams;
  const last = asked?.get('last');
  if (asked === undefined || !last) return undefined;
  return new URLSearchParams({ n: asked.get('n') ?? String(PAGE), last });
}
