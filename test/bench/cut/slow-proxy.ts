import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands before an HTTP server, and passes each request on only after a while. */
export interface SlowProxy extends AsyncDisposable {
  url: string;
  /** How many were passed on. */
  passed(): number;
}

export async function startSlowProxy(target: () => string, delayMs: number): Promise<SlowProxy> {
  let passed = 0;
  const server = createServer((asked, reply) => {
    setTimeout(() => {
      passed += 1;
      const { method, headers, url = '/' } = asked;
      const onward = request(new URL(url, target()), { ...(method && { method }), headers }, (answer) => {
        reply.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(reply);
      });
      onward.once('error', () => reply.destroy());
      asked.pipe(onward);
    }, delayMs);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    passed: () => passed,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
