import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createForge } from '../../src/adapters/github/forge.ts';
import { forgeContract } from '../contracts/forge.ts';
import { APP, type EmulatedGithub, startEmulatedGithub } from './servers/github.ts';

const clock = { now: () => Date.now() };
const REPOSITORY = '/repos/acme/orders-api';

function keyPair(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

const KEY = keyPair();

function forgeAs({ url }: EmulatedGithub, key: string) {
  return createForge({ apiUrl: url, access: { kind: 'app', ...APP, key }, timeoutMs: 5000 }, { clock });
}

const CONCLUSION = { passed: 'success', failed: 'failure', neutral: 'neutral', skipped: 'skipped' } as const;

describe('the adapter, as an app, and the GitHub of emulate', () => {
  forgeContract(async () => {
    const github = await startEmulatedGithub(KEY);
    return {
      forge: forgeAs(github, KEY),
      async commit(checks) {
        const content = Buffer.from(randomUUID()).toString('base64');
        const written = (await github.ask('PUT', `${REPOSITORY}/contents/${randomUUID()}.txt`, {
          message: 'change',
          content,
        })) as { commit: { sha: string } };
        for (const [name, outcome] of Object.entries(checks)) {
          const end =
            outcome === 'pending'
              ? { status: 'in_progress' }
              : { status: 'completed', conclusion: CONCLUSION[outcome] };
          await github.ask('POST', `${REPOSITORY}/check-runs`, {
            name,
            head_sha: written.commit.sha,
            ...end,
          });
        }
        return written.commit.sha;
      },
      async require(checks) {
        await github.ask('PUT', `${REPOSITORY}/branches/main/protection`, {
          required_status_checks: { strict: false, contexts: [...checks] },
          enforce_admins: true,
          required_pull_request_reviews: null,
          restrictions: null,
        });
      },
      async pullRequest() {
        const issue = (await github.ask('POST', `${REPOSITORY}/issues`, { title: 'Raise limits' })) as {
          number: number;
        };
        return issue.number;
      },
      async commentsOn(issue) {
        const comments = await github.ask('GET', `${REPOSITORY}/issues/${issue}/comments`);
        return (comments as { body: string }[]).map(({ body }) => body);
      },
      goAway: async () => github[Symbol.asyncDispose](),
      [Symbol.asyncDispose]: async () => github[Symbol.asyncDispose](),
    };
  });
});

describe('an app whose key is not the one that GitHub knows', () => {
  it('gets no token, and says where to look', async () => {
    await using github = await startEmulatedGithub(KEY);
    const at = { repository: 'acme/orders-api', branch: 'main' };
    expect(await forgeAs(github, keyPair()).requiredChecks(at)).toEqual({
      kind: 'refused',
      says: 'it gives no token for installation 100 of app 777 (401): look at github.app and its private key',
    });
  });
});
