import { z } from 'zod';
import { componentFrom } from '../../domain/adoption/backstage.ts';
import { TerminalError, UnavailableError } from '../../errors.ts';
import type { Components } from '../../ports/components.ts';
import { createHttp, unreachable } from '../http.ts';

/** A Backstage as it is reached. */
export interface BackstageAccess {
  /** Of its catalog: `https://backstage.example.com/api/catalog`. */
  url: string;
  /** As its API takes it: `kind=component,spec.type=service`. */
  filter: string;
  /** Absent: nobody is asked who we are. */
  authorization?: string | undefined;
  /** For each exchange. */
  timeoutMs: number;
}

/** Entities of one page; with the fields asked for a page stays far below `MAX_BYTES`. */
const PAGE = 500;
/** More components than the largest sites that are known of have. */
const MOST_PAGES = 40;
const MAX_BYTES = 16 * 1024 * 1024;
/** What is read of an entity; a whole one may have a hundred relations. */
const FIELDS = [
  'apiVersion',
  'kind',
  'metadata.name',
  'metadata.namespace',
  'metadata.labels',
  'metadata.annotations',
  'metadata.tags',
  'spec.type',
  'spec.lifecycle',
  'spec.owner',
  'spec.system',
  'spec.dependsOn',
].join(',');

/** Source: backstage/backstage plugins/catalog-backend/src/schema/openapi.yaml, `EntitiesQueryResponse`. */
const Page = z.object({
  items: z.array(z.unknown()),
  pageInfo: z.object({ nextCursor: z.string().optional() }),
});
type Page = z.infer<typeof Page>;

/**
 * The components of a Backstage, page by page. A page that did not change since is not sent again (`If-None-Match`), where
 * the server gives ETags.
 */
export function createBackstage(access: BackstageAccess): Components {
  let remembered = new Map<string, { etag: string; page: Page }>();
  return {
    async read() {
      const seen: typeof remembered = new Map();
      const items: unknown[] = [];
      let query = new URLSearchParams({ filter: access.filter, fields: FIELDS, limit: String(PAGE) });
      for (let count = 0; ; count++) {
        if (count === MOST_PAGES)
          throw new TerminalError(
            `Backstage has more than ${MOST_PAGES * PAGE} entities for ${access.filter}: say a narrower catalog.backstage.filter.`,
          );
        const { page, etag } = await readPage(access, query, remembered);
        if (etag !== undefined) seen.set(query.toString(), { etag, page });
        items.push(...page.items);
        const { nextCursor } = page.pageInfo;
        if (nextCursor === undefined) break;
        // The cursor carries filter and order; only it and the fields may be said from now on.
        query = new URLSearchParams({ cursor: nextCursor, fields: FIELDS, limit: String(PAGE) });
      }
      remembered = seen;
      const read = items.map(componentFrom);
      return {
        components: read.flatMap((one) => (one.kind === 'component' ? [one.component] : [])),
        unusable: read.flatMap((one) =>
          one.kind === 'unusable' ? [{ name: one.name, says: one.says }] : [],
        ),
      };
    },
  };
}

async function readPage(
  { url, authorization, timeoutMs }: BackstageAccess,
  query: URLSearchParams,
  remembered: ReadonlyMap<string, { etag: string; page: Page }>,
): Promise<{ page: Page; etag: string | undefined }> {
  const known = remembered.get(query.toString());
  const answer = await createHttp({ timeoutMs, maxBytes: MAX_BYTES })
    .request<string>({
      method: 'GET',
      url: `${url.replace(/\/+$/, '')}/entities/by-query?${query}`,
      headers: {
        accept: 'application/json',
        ...(authorization && { authorization }),
        ...(known && { 'if-none-match': known.etag }),
      },
    })
    .catch((error: unknown) => {
      throw unreachable('Backstage', error);
    });
  if (answer.status === 304 && known) return known;
  if (answer.status >= 500 || answer.status === 429)
    throw new UnavailableError(`Backstage answers ${answer.status}`);
  if (answer.status !== 200) throw new TerminalError(refusal(answer.status, answer.data));
  const page = Page.safeParse(parsed(answer.data));
  if (!page.success)
    throw new TerminalError(
      'Backstage answers with something that is no page of entities: say the address of its catalog in catalog.backstage.url, which ends with /api/catalog.',
    );
  const etag: unknown = answer.headers['etag'];
  return { page: page.data, etag: typeof etag === 'string' ? etag : undefined };
}

const Refusal = z.object({ error: z.object({ message: z.string() }) });

function refusal(status: number, body: string): string {
  const said = Refusal.safeParse(parsed(body));
  const words = said.success ? `: ${said.data.error.message.slice(0, 200)}` : '';
  const remedy =
    status === 401 || status === 403
      ? 'give catalog.backstage.tokenEnv a token that may read the catalog'
      : 'correct catalog.backstage.url and catalog.backstage.filter';
  return `Backstage refuses with ${status}${words}; ${remedy}.`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
