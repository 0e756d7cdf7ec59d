import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { applyMergePatch } from '../../../src/sandbox/cluster/rollout/merge-patch.ts';

/**
 * A cluster without anything behind its API: it keeps what it is given, merges what it is sent, and believes everybody. No case
 * may hold on it.
 */
export async function openPlainStore(): Promise<AsyncDisposable & { url: string }> {
  const objects = new Map<string, unknown>();
  const server = createServer(async (request, response) => {
    const { code, body } = answer(objects, { request, sent: await text(request) });
    response.writeHead(code, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(
  objects: Map<string, unknown>,
  { request, sent }: { request: IncomingMessage; sent: string },
): { code: number; body: unknown } {
  const [path = ''] = (request.url ?? '').split('?');
  const body = sent === '' ? {} : (JSON.parse(sent) as { metadata?: { name?: string } });
  switch (request.method) {
    case 'POST':
      objects.set(`${path}/${body.metadata?.name ?? ''}`, body);
      return { code: 201, body };
    case 'PUT':
      objects.set(path, body);
      return { code: 200, body };
    case 'PATCH':
      return patch(objects, path.replace(/\/status$/, ''), body);
    case 'DELETE':
      return objects.delete(path) ? { code: 200, body: {} } : { code: 404, body: {} };
    default:
      return read(objects, path);
  }
}

function patch(objects: Map<string, unknown>, path: string, body: unknown): { code: number; body: unknown } {
  const stored = objects.get(path);
  if (stored === undefined) return { code: 404, body: {} };
  const merged = Array.isArray(body) ? stored : applyMergePatch(stored as object, body as object);
  objects.set(path, merged);
  return { code: 200, body: merged };
}

function read(objects: Map<string, unknown>, path: string): { code: number; body: unknown } {
  if (objects.has(path)) return { code: 200, body: objects.get(path) };
  const isNamed = /\/namespaces\/[^/]+\/[^/]+\/[^/]+$/.test(path);
  if (isNamed) return { code: 404, body: {} };
  const items = [...objects].filter(([key]) => key.startsWith(`${path}/`)).map(([, object]) => object);
  return { code: 200, body: { items } };
}
