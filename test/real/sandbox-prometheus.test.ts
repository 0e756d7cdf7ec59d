import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, symlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findOnPath } from '../../src/adapters/programs/find-on-path.ts';
import { startPrometheus } from '../../src/sandbox/metrics/start-prometheus.ts';
import { waitUntil } from '../servers/wait.ts';
import { opened, temporaryFolder } from './opened.ts';

/** A machine without Prometheus but with apt, a target that shows metrics, and folders. */
function desk() {
  return opened(async (open) => {
    const directory = await temporaryFolder(open, 'desk');
    const path = join(directory, 'bin');
    await mkdir(path);
    for (const tool of ['apt-get', 'dpkg-deb']) {
      const found = await findOnPath([tool], process.env['PATH'] ?? '');
      if (found === undefined) throw new Error(`This test needs a Debian or Ubuntu: there is no ${tool}.`);
      await symlink(found, join(path, tool));
    }
    const target = createServer((_, response) => response.end('requests_total{service="cart"} 5\n'));
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
    open.defer(async () => {
      target.closeAllConnections();
      await new Promise((resolve) => target.close(resolve));
    });
    const options = {
      scrape: [{ job: 'shop', url: `http://127.0.0.1:${(target.address() as AddressInfo).port}/metrics` }],
      scrapeIntervalMs: 500,
      cacheDirectory: join(homedir(), '.cache', 'signalbox', 'programs'),
      path,
      dataDir: join(directory, 'prometheus'),
    };
    return { options };
  });
}

async function valuesOf(url: string, query: string): Promise<string[]> {
  const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query })}`);
  const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
  return data.result.map(({ value: [, text] }) => text);
}

describe('Prometheus for the sandbox, where it is not installed', () => {
  it('comes out of a package that is only unpacked, scrapes, and has a page for the links of cards', async () => {
    await using world = await desk();
    await using prometheus = await startPrometheus(world.options);
    expect(prometheus.how).toBe('real');
    const isScraped = async () => (await valuesOf(prometheus.url, 'requests_total')).includes('5');
    await waitUntil(isScraped, { withinMs: 15_000, what: 'the first sample' });
    const link = new URLSearchParams({ 'g0.expr': 'requests_total{service="cart"}' });
    const page = await (await fetch(`${prometheus.externalUrl}/graph?${link}`)).text();
    expect(page).toMatch(/requests_total.*<td>5/s);
  });

  it('forgets what it knew in an earlier life', async () => {
    await using world = await desk();
    const measured = async () => {
      await using prometheus = await startPrometheus(world.options);
      const before = await valuesOf(prometheus.url, 'up');
      const isScraped = async () => (await valuesOf(prometheus.url, 'up')).length > 0;
      await waitUntil(isScraped, { withinMs: 15_000, what: 'the first sample' });
      return before;
    };
    expect([await measured(), await measured()]).toEqual([[], []]);
  });

  it('ends with the process that started it, however that ends', async () => {
    await using world = await desk();
    const owner = spawn(
      process.execPath,
      [fileURLToPath(new URL('prometheus-owner.ts', import.meta.url)), JSON.stringify(world.options)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [line] = await once(owner.stdout, 'data');
    const { url, how } = JSON.parse(String(line));
    expect(how).toBe('real');
    expect((await fetch(`${url}/-/ready`)).status).toBe(200);
    owner.kill('SIGKILL');
    const isGone = () =>
      fetch(`${url}/-/ready`).then(
        () => false,
        () => true,
      );
    await waitUntil(isGone, { withinMs: 15_000, what: 'the end of Prometheus' });
  });
});
