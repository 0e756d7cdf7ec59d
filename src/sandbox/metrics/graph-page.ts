import { z } from 'zod';

/** What of an answer the page shows. */
const Answer = z.union([
  z.object({
    status: z.literal('success'),
    data: z.object({
      resultType: z.literal('vector'),
      result: z.array(
        z.object({
          metric: z.record(z.string(), z.string()),
          value: z.tuple([z.number(), z.string()]),
        }),
      ),
    }),
  }),
  z.object({ status: z.literal('error'), error: z.string() }),
]);

const TIMEOUT_MS = 5_000;

/**
 * The page behind a card's link: a query and what it gave at its moment. Takes the parameters of Prometheus's own page (`g0.expr`,
 * `g0.end_input`), and asks the query API at `apiUrl`. Never throws: what went wrong is on the page.
 */
export async function graphPage(parameters: URLSearchParams, apiUrl: string): Promise<string> {
  const query = parameters.get('g0.expr') ?? '';
  const end = parameters.get('g0.end_input') ?? '';
  const at = Date.parse(`${end.replace(' ', 'T')}Z`);
  const asked = new URLSearchParams({ query, ...(!Number.isNaN(at) && { time: String(at / 1000) }) });
  const rows = query === '' ? '' : await answerOf(`${apiUrl}/api/v1/query?${asked}`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Query</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark }
pre { overflow-x: auto; padding: 1rem; border: 1px solid; white-space: pre-wrap }
td { padding: .25rem 1rem .25rem 0; vertical-align: top }
</style>
<h1>Query</h1>
<pre>${escapeHtml(query || 'No query.')}</pre>
<p>${Number.isNaN(at) ? 'Now' : `At ${escapeHtml(end)} UTC`}</p>
${rows}
</html>
`;
}

/** Nothing on the page may come from anywhere else or run. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
} as const;

async function answerOf(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
    const answer = Answer.parse(await response.json());
    if (answer.status === 'error') return `<p>${escapeHtml(answer.error)}</p>`;
    const rows = answer.data.result.map(({ metric, value: [, value] }) => {
      const labels = Object.entries(metric).map(([name, text]) => `${name}=${JSON.stringify(text)}`);
      return `<tr><td>${escapeHtml(`{${labels.join(', ')}}`)}<td>${escapeHtml(value)}`;
    });
    return rows.length === 0 ? '<p>No data.</p>' : `<table>${rows.join('')}</table>`;
  } catch {
    return '<p>The query could not be answered.</p>';
  }
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
