import type { KubeObject } from '../../../src/sandbox/cluster/rollout/objects.ts';
import { startCluster } from '../../../src/sandbox/cluster/start.ts';
import { Client, MERGE } from '../../conformance/cluster/client.ts';
import { watchTroubleContract } from '../../contracts/watch-trouble.ts';
import { until } from './until.ts';

const BOT = { name: 'signalbox-bot', token: 'bot' };

watchTroubleContract('simulated API server', async () => {
  const simulated = await startCluster({
    podReadyMs: 20,
    bookmarkMs: 500,
    users: [
      { token: BOT.token, name: BOT.name, groups: [] },
      { token: 'admin', name: 'admin', groups: ['system:masters'] },
    ],
  });
  const client = new Client({
    ...{ url: simulated.url, adminToken: 'admin', botToken: BOT.token, botName: BOT.name },
    ...{ prometheusUrl: '', deadlineMs: 5_000, settleMs: 0 },
  });
  return {
    url: simulated.url,
    bot: BOT,
    timing: { probe: { everyMs: 500, lostMs: 100, deadlineMs: 2_000 } },
    bookmarkedWatchSeconds: 2,
    ask: (method, path, { body, as } = {}) =>
      client.ask(method, path, body, {
        ...(as === 'bot' && { token: 'bot' }),
        ...(method === 'PATCH' && { type: MERGE }),
      }),
    apply: async (...objects) => simulated.apply(objects as KubeObject[]),
    restart: async () => {
      await simulated.faults.down();
      await simulated.faults.up();
      // Until our own connections that it broke are used up.
      const answers = async (): Promise<boolean> => (await client.ask('GET', '/readyz')).code === 200;
      await until('it answers', () => answers().catch(() => false));
    },
    forgetHistory: async () => simulated.faults.compact(),
    [Symbol.asyncDispose]: async () => {
      await client.close();
      await simulated[Symbol.asyncDispose]();
    },
  };
});
