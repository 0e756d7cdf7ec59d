import { describe, expect, it } from 'vitest';
import { createPolicy } from '../../../src/adapters/policy/policy.ts';
import { UnavailableError } from '../../../src/errors.ts';
import { listen } from '../../servers/listen.ts';
import { type Loaded, startOpa } from '../../servers/opa.ts';

const decision = 'release/decision';
const policyAt = (
  url: string,
  more: { authorization?: string; timeoutMs?: number; decision?: string } = {},
) => createPolicy({ server: { url, decision, timeoutMs: 2_000, ...more } });
const opa = (more: Partial<Loaded> = {}) =>
  startOpa({ rules: { [decision]: (input) => ({ deny: [], warn: [], input }) }, ...more });

describe('a policy on a server', () => {
  it('is asked with the input, and names the bundles that it decided by', async () => {
    await using server = await opa({ bundles: { release: 'a41c', base: '' } });
    expect(await policyAt(server.url).decide({ release: { name: 'shop' } })).toEqual({
      kind: 'decided',
      result: { deny: [], warn: [], input: { release: { name: 'shop' } } },
      revision: 'base@without a revision, release@a41c',
    });
    await using plain = await opa();
    expect(await policyAt(plain.url).decide({})).toMatchObject({ revision: 'OPA without a revision' });
  });

  it('without a decision says so: that is no yes', async () => {
    await using server = await opa();
    expect(await policyAt(server.url, { decision: 'release/decison' }).decide({})).toEqual({
      kind: 'undefined',
      revision: 'OPA without a revision',
    });
  });

  it('that fails, or does not know us, is refused in its words', async () => {
    await using server = await opa({ authorization: 'Bearer s3cret' });
    expect(await policyAt(server.url, { authorization: 'Bearer s3cret' }).decide({})).toMatchObject({
      kind: 'decided',
    });
    expect(await policyAt(server.url).decide({})).toEqual({
      kind: 'refused',
      says: 'unauthorized: request rejected by administrative policy',
    });
    server.holds.trouble = 'broken';
    expect(await policyAt(server.url).decide({})).toEqual({
      kind: 'refused',
      says: 'internal_error: complete rules must not produce multiple outputs',
    });
    await using page = await listen(() => ({ status: 200, body: '<html>', contentType: 'text/html' }));
    expect(await policyAt(page.url).decide({})).toMatchObject({ kind: 'refused' });
  });

  it('that is away or slow is no answer, and nothing secret is told of it', async () => {
    await using server = await opa({ trouble: 'starting' });
    await expect(policyAt(server.url).decide({})).rejects.toThrow(UnavailableError);
    server.holds.trouble = 'hang';
    const slow = policyAt(server.url, { timeoutMs: 50, authorization: 'Bearer s3cret' });
    const error = await slow.decide({}).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).not.toMatch(/s3cret|127\.0\.0\.1/);
  });
});

describe('no policy', () => {
  it('is an answer of its own', async () => {
    expect(await createPolicy({}).decide({})).toEqual({ kind: 'notConfigured' });
  });
});
