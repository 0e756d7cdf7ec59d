import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { clockLooks, skewMs } from '../../../src/program/check/clock-looks.ts';
import { lookAtAll } from '../../../src/program/check/look-at-all.ts';
import { changed, configOf } from '../../config/minimal-config.ts';

/** A server whose clock is off by so many seconds; absent: it does not tell its time. */
async function serverOff(seconds: number | undefined) {
  const server = createServer((_, response) => {
    response.sendDate = false;
    if (seconds !== undefined) {
      response.setHeader('date', new Date(Date.now() + seconds * 1000).toUTCString());
    }
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('how far two clocks are apart', () => {
  it.each([
    ['the same moment', { askedAt: 10_400, answeredAt: 10_410, serverTime: 10_000 }, 0],
    ['a slow answer that hides what is less', { askedAt: 10_000, answeredAt: 15_000, serverTime: 14_000 }, 0],
    ['ours ahead', { askedAt: 15_500, answeredAt: 15_600, serverTime: 10_000 }, 4_500],
    ['ours behind', { askedAt: 10_000, answeredAt: 10_100, serverTime: 13_000 }, -2_900],
  ])('is told at least: %s', (_, sample, apart) => {
    expect(skewMs(sample)).toBe(apart);
  });
});

describe('the clocks of servers', () => {
  it('are compared with ours by what they say with any answer', async () => {
    await using right = await serverOff(0);
    await using ahead = await serverOff(90);
    await using silent = await serverOff(undefined);
    const config = await configOf(
      `${changed('installation: acme', `installation: acme\nslack: { apiUrl: "${right.url}" }`)}prometheus:\n  main: { url: "${ahead.url}" }\n  quiet: { url: "${silent.url}" }\n  gone: { url: "http://127.0.0.1:9" }\n`,
    );
    const behind = async () => Date.now() - 60_000;
    const [report] = await lookAtAll(clockLooks(config, new Map([['cluster main', behind]])));
    expect(report?.findings.map(({ kind, says }) => `${kind} ${says}`)).toEqual([
      'ok this machine agrees with Slack',
      expect.stringMatching(/^warning this machine's clock is (89|90) s behind that of Prometheus main$/),
      'ok Prometheus quiet does not tell its time',
      "fault the clock of Prometheus gone: Prometheus gone can't be reached (ECONNREFUSED)",
      expect.stringMatching(/^warning this machine's clock is (59|60) s ahead of that of cluster main$/),
    ]);
  });
});
