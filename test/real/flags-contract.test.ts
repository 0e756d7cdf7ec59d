import { createFlags } from '../../src/adapters/flags/flags.ts';
import { flagsContract } from '../contracts/flags.ts';
import { startRealUnleash } from './servers/unleash.ts';

/** Somebody with the same token and no program between. */
function byHand({ url, token }: { url: string; token: string }) {
  return async (method: string, path: string, body?: unknown): Promise<void> => {
    const response = await fetch(`${url}/api/admin/projects/default/features${path}`, {
      method,
      headers: { authorization: token, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  };
}

flagsContract('a real Unleash', async () => {
  const unleash = await startRealUnleash();
  const ask = byHand(unleash);
  const place = { provider: 'main', project: 'default', environment: 'production' };
  return {
    flags: createFlags([
      { name: 'main', kind: 'unleash', url: unleash.url, authorization: unleash.token, timeoutMs: 10_000 },
    ]),
    place,
    add: (key) => ask('POST', '', { name: key, type: 'release' }),
    async turnedByHand(key, share) {
      const here = `/${key}/environments/production`;
      const parameters = { rollout: String(share), stickiness: 'default', groupId: key };
      await ask('POST', `${here}/strategies`, { name: 'flexibleRollout', parameters, constraints: [] });
      await ask('POST', `${here}/on`);
    },
    close: async () => unleash[Symbol.asyncDispose](),
  };
});
