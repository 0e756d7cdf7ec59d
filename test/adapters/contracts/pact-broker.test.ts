import { describe, expect, it } from 'vitest';
import { createContracts } from '../../../src/adapters/contracts/contracts.ts';
import { UnavailableError } from '../../../src/errors.ts';
import { type Pacts, startPactBroker } from '../../servers/pact-broker.ts';

const verified = (consumerVersion: string, providerVersion: string, success = true) => ({
  consumer: 'web',
  consumerVersion,
  provider: 'orders',
  providerVersion,
  success,
});

const broker = (more: Partial<Pacts> = {}) =>
  startPactBroker({
    pacts: ['9.9', '9.10'].map((version) => ({ consumer: 'web', version, provider: 'orders' })),
    verifications: [verified('9.9', '1.7'), verified('9.10', '1.8'), verified('9.10', '1.7', false)],
    environments: { production: { web: '9.9', orders: '1.7' } },
    ...more,
  });

const contractsAt = (url: string, more: { authorization?: string; timeoutMs?: number } = {}) =>
  createContracts({ pactBroker: { url, timeoutMs: 2_000, environments: { prod: 'production' }, ...more } });
const web = { pacticipant: 'web', version: '9.10' };
const orders = { pacticipant: 'orders', version: '1.8' };
const asking = { environment: 'prod' };

describe('a pact broker', () => {
  it('judges the versions of a release together, and one alone beside what the environment has', async () => {
    await using server = await broker();
    const contracts = contractsAt(server.url);
    expect(await contracts.pacts({ ...asking, versions: [orders, web] })).toEqual({
      kind: 'judged',
      deployable: true,
      reason: 'All required verification results are published and successful',
      rows: 1,
    });
    expect(await contracts.pacts({ ...asking, versions: [web] })).toMatchObject({ deployable: false });
    // Nobody has verified the web of production against the new orders.
    expect(await contracts.pacts({ ...asking, versions: [orders] })).toMatchObject({ deployable: null });
    expect(server.received.map(({ query }) => new URLSearchParams(query).get('latestby'))).toEqual([
      'cvpv',
      'cvp',
      'cvp',
    ]);
  });

  it('says yes with no pact at all, which is told apart', async () => {
    await using server = await broker({ environments: { production: {} } });
    expect(
      await contractsAt(server.url).pacts({ ...asking, versions: [{ ...orders, version: '1.9' }] }),
    ).toMatchObject({ deployable: true, rows: 0 });
  });

  it('refuses an environment, a pacticipant or an account that it does not know', async () => {
    await using server = await broker({ authorization: 'Bearer s3cret' });
    const known = contractsAt(server.url, { authorization: 'Bearer s3cret' });
    expect(await known.pacts({ environment: 'staging', versions: [web] })).toEqual({
      kind: 'refused',
      says: "Environment with name 'staging' does not exist",
    });
    const stranger = { pacticipant: 'a&q[][version]=b', version: '1' };
    expect(await known.pacts({ ...asking, versions: [stranger] })).toEqual({
      kind: 'refused',
      says: 'Pacticipant a&q[][version]=b not found',
    });
    expect(await contractsAt(server.url).pacts({ ...asking, versions: [web] })).toEqual({
      kind: 'refused',
      says: 'status 401',
    });
  });

  it('that is broken or slow is no answer', async () => {
    await using server = await broker({ trouble: 'broken' });
    await expect(contractsAt(server.url).pacts({ ...asking, versions: [web] })).rejects.toThrow(
      UnavailableError,
    );
    server.holds.trouble = 'hang';
    const slow = contractsAt(server.url, { timeoutMs: 50 });
    await expect(slow.pacts({ ...asking, versions: [web] })).rejects.toThrow(/pact broker can't be reached/);
  });
});
