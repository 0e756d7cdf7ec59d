import { createVerify, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createForge } from '../../../src/adapters/github/forge.ts';
import type { CheckOutcome } from '../../../src/domain/checks/check-answer.ts';
import { TerminalError, UnavailableError } from '../../../src/errors.ts';
import { type ForgeWorld, forgeContract } from '../../contracts/forge.ts';
import { type CheckRun, type GithubServer, type GithubWorld, startGithub } from '../../servers/github.ts';
import { listen } from '../../servers/listen.ts';

const repository = 'acme/orders-api';
const clock = { now: () => Date.parse('2026-11-20T10:00:00Z') };
const SHA = 'a1b2c3d4e5f60718293a4b5c6d7e8f9001122334';

function forgeAt({ url, world }: GithubServer, timeoutMs = 2000) {
  const access = { kind: 'token' as const, token: world.token };
  return createForge({ apiUrl: url, access, timeoutMs }, { clock });
}

function emptyWorld(): GithubWorld & {
  repositories: Record<typeof repository, GithubWorld['repositories'][string]>;
} {
  return { token: 'right', repositories: { [repository]: { commits: {} } } };
}

function runOf(name: string, outcome: CheckOutcome): CheckRun {
  if (outcome === 'pending') return { name, status: 'in_progress', conclusion: null };
  const conclusion = { passed: 'success', failed: 'failure', neutral: 'neutral', skipped: 'skipped' }[
    outcome
  ];
  return { name, conclusion };
}

async function makeWorld(): Promise<ForgeWorld> {
  const world = emptyWorld();
  const server = await startGithub(world);
  const own = world.repositories[repository];
  return {
    forge: forgeAt(server),
    async commit(checks) {
      const sha = (Object.keys(own.commits).length + 1).toString(16).padStart(40, 'a');
      const runs = Object.entries(checks).map(([name, outcome]) => runOf(name, outcome));
      own.commits = { [sha]: { runs }, ...own.commits };
      return sha;
    },
    async require(checks) {
      own.rules = { main: [...checks] };
    },
    async pullRequest() {
      own.comments = { 7: [] };
      return 7;
    },
    commentsOn: async (issue) => own.comments?.[issue] ?? [],
    goAway: async () => server[Symbol.asyncDispose](),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

describe('the adapter and a strict GitHub', () => {
  forgeContract(makeWorld);
});

/** What one check of a commit comes to. */
async function outcomeOf(commit: { runs?: CheckRun[]; statuses?: Record<string, string> }): Promise<string> {
  const world = emptyWorld();
  world.repositories[repository].commits = { [SHA]: commit };
  await using server = await startGithub(world);
  const told = await forgeAt(server).checks({ repository, commit: SHA });
  if (told.kind !== 'checks') return told.kind;
  return told.checks.map(({ name, outcome }) => `${name} ${outcome}`).join(', ');
}

describe('checks of a commit', () => {
  it('are none where the combined state is pending because nothing has reported', async () => {
    expect(await outcomeOf({})).toBe('');
  });

  it.each([
    ['success', 'passed'],
    ['neutral', 'neutral'],
    ['skipped', 'skipped'],
    ['cancelled', 'failed'],
    ['timed_out', 'failed'],
    ['action_required', 'failed'],
    ['stale', 'failed'],
    ['startup_failure', 'failed'],
  ])('that end as %s have %s', async (conclusion, outcome) => {
    expect(await outcomeOf({ runs: [{ name: 'unit', conclusion }] })).toBe(`unit ${outcome}`);
  });

  it('are statuses too, each by its own state', async () => {
    const statuses = { ci: 'success', lint: 'error', e2e: 'pending' };
    expect(await outcomeOf({ statuses })).toBe('ci passed, lint failed, e2e pending');
  });

  it('count as they came out last', async () => {
    const failed = { name: 'unit', conclusion: 'failure', startedAt: '2026-11-20T09:00:00Z' };
    const passed = { name: 'unit', conclusion: 'success', startedAt: '2026-11-20T09:30:00Z' };
    const waits = { name: 'unit', status: 'queued', conclusion: null, startedAt: null };
    expect(await outcomeOf({ runs: [passed, failed] })).toBe('unit passed');
    expect(await outcomeOf({ runs: [waits, passed] })).toBe('unit pending');
  });

  it('of one name by two apps must both pass, and so must a status of that name', async () => {
    const mine = { name: 'unit', conclusion: 'success', app: 1 };
    const theirs = { name: 'unit', conclusion: 'failure', app: 2, startedAt: '2026-11-20T08:00:00Z' };
    expect(await outcomeOf({ runs: [mine, theirs] })).toBe('unit failed');
    expect(await outcomeOf({ runs: [mine], statuses: { unit: 'pending' } })).toBe('unit pending');
  });

  it('are read to the last page', async () => {
    const runs = Array.from({ length: 130 }, (_, i) => ({ name: `c${i}`, conclusion: 'success' }));
    expect(await outcomeOf({ runs: [...runs, { name: 'last', conclusion: 'failure' }] })).toContain(
      'last failed',
    );
  });

  it('of a shortened id are those of the commit that begins so, and of no branch of that name', async () => {
    const world = emptyWorld();
    world.repositories[repository].commits = { [SHA]: { statuses: { ci: 'success' } } };
    await using server = await startGithub(world);
    const at = { repository, commit: SHA.slice(0, 8) };
    expect(await forgeAt(server).checks(at)).toMatchObject({ checks: [{ name: 'ci', outcome: 'passed' }] });
    const branch = { repository, commit: 'deadbeef' };
    expect((await forgeAt(server).checks(branch)).kind).toBe('refused');
  });
});

describe('what a branch requires', () => {
  it('is what rulesets and the older protection say, and nothing where that is off', async () => {
    const world = emptyWorld();
    await using server = await startGithub(world);
    const forge = forgeAt(server);
    const own = world.repositories[repository];
    own.rules = { main: ['unit'] };
    own.protection = { main: { contexts: ['contract', 'unit'] } };
    const at = { repository, branch: 'main' };
    expect(await forge.requiredChecks(at)).toEqual({ kind: 'required', checks: ['unit', 'contract'] });
    own.rules = {};
    own.protection = { main: { contexts: ['contract'], level: 'off' } };
    expect(await forge.requiredChecks(at)).toEqual({ kind: 'required', checks: [] });
    expect(await forge.requiredChecks({ repository, branch: 'gone' })).toMatchObject({ kind: 'refused' });
  });
});

describe('the newest deployment', () => {
  it('is the newest that succeeded in that environment', async () => {
    const world = emptyWorld();
    await using server = await startGithub(world);
    const [one, two, three] = ['1', '2', '3'].map((digit) => digit.repeat(40)) as [string, string, string];
    world.repositories[repository].deployments = [
      { sha: three, environment: 'staging', state: 'in_progress' },
      { sha: two, environment: 'staging', state: 'success' },
      { sha: one, environment: 'production', state: 'success' },
    ];
    const forge = forgeAt(server);
    const at = (environment: string) => forge.deployed({ repository, environment });
    expect(await at('staging')).toEqual({ kind: 'commit', commit: two });
    expect(await at('production')).toEqual({ kind: 'commit', commit: one });
    expect(await at('elsewhere')).toMatchObject({ kind: 'none' });
  });
});

describe('a GitHub that does not answer as it should', () => {
  it.each(['broken', 'limited'] as const)('is unavailable while it is %s', async (trouble) => {
    const world = { ...emptyWorld(), trouble };
    await using server = await startGithub(world);
    const asking = forgeAt(server).checks({ repository, commit: SHA });
    await expect(asking).rejects.toBeInstanceOf(UnavailableError);
  });

  it('is unavailable when it hangs', async () => {
    await using server = await startGithub({ ...emptyWorld(), trouble: 'hang' });
    const asking = forgeAt(server, 100).checks({ repository, commit: SHA });
    await expect(asking).rejects.toBeInstanceOf(UnavailableError);
  });

  it('tells a limit by 403, with the time until it ends; without a limit that is a refusal', async () => {
    const until = String(clock.now() / 1000 + 90);
    let headers: Record<string, string> = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': until };
    const body = { message: 'API rate limit exceeded' };
    await using server = await listen(() => ({ status: 403, body, headers }));
    const access = { kind: 'token' as const, token: 'right' };
    const forge = createForge({ apiUrl: server.url, access, timeoutMs: 2000 }, { clock });
    await expect(forge.checks({ repository, commit: SHA })).rejects.toMatchObject({ retryAfterMs: 90_000 });
    headers = { 'retry-after': '7' };
    await expect(forge.checks({ repository, commit: SHA })).rejects.toMatchObject({ retryAfterMs: 7000 });
    headers = {};
    expect(await forge.checks({ repository, commit: SHA })).toMatchObject({
      kind: 'refused',
      says: '403 API rate limit exceeded',
    });
  });

  it('refuses a wrong token, and shows it to nobody', async () => {
    await using server = await startGithub(emptyWorld());
    const access = { kind: 'token' as const, token: 'wrong-token' };
    const forge = createForge({ apiUrl: server.url, access, timeoutMs: 2000 }, { clock });
    expect(await forge.checks({ repository, commit: SHA })).toEqual({
      kind: 'refused',
      says: 'it does not accept our token',
    });
  });
});

describe('an app', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

  it.each(['pkcs1', 'pkcs8'] as const)(
    'signs for its token with a key in %s, and asks once for many',
    async (type) => {
      const asked: string[] = [];
      await using server = await listen(({ method, path, headers }) => {
        if (path !== '/app/installations/12/access_tokens') return { status: 200, body: [] };
        const [head = '', body = '', signature = ''] = (headers.authorization ?? '')
          .slice('Bearer '.length)
          .split('.');
        const isSigned = createVerify('RSA-SHA256')
          .update(`${head}.${body}`)
          .verify(publicKey, Buffer.from(signature, 'base64url'));
        const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, number>;
        asked.push(`${method} ${isSigned} ${claims['iss']} ${(claims['exp'] ?? 0) - (claims['iat'] ?? 0)}`);
        return { status: 201, body: { token: 'granted', expires_at: '2026-11-20T11:00:00Z' } };
      });
      const key = privateKey.export({ type, format: 'pem' }).toString();
      const access = { kind: 'app' as const, id: 'Iv1', installation: 12, key };
      const forge = createForge({ apiUrl: server.url, access, timeoutMs: 2000 }, { clock });
      await Promise.all([1, 2].map(() => forge.passed({ repository, branch: 'main', check: 'unit' })));
      // GitHub takes ten minutes at most.
      expect(asked).toEqual(['POST true Iv1 600']);
      const told = server.received.filter(({ path }) => path.endsWith('/commits'));
      expect(told.map(({ headers }) => headers.authorization)).toEqual(['Bearer granted', 'Bearer granted']);
    },
  );

  it('without a key says so, and nothing of what stood there', async () => {
    const access = { kind: 'app' as const, id: 'Iv1', installation: 12, key: 'half-a-secret' };
    const opening = () => createForge({ apiUrl: 'http://localhost', access, timeoutMs: 10 }, { clock });
    expect(opening).toThrow(TerminalError);
    expect(opening).not.toThrow(/half-a-secret/);
  });
});
