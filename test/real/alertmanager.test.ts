import { describe, expect, it } from 'vitest';
import { createAlerts } from '../../src/adapters/alerts/alerts.ts';
import { alertsContract } from '../contracts/alerts.ts';
import { waitUntil } from '../servers/wait.ts';
import { startRealAlertmanager } from './servers/alertmanager.ts';

const at = (url: string, matchers = ['severity="page"']) =>
  createAlerts({
    alertmanager: { url, timeoutMs: 5_000, matchers, serviceLabel: 'service', environmentLabel: 'env' },
  });

async function post(url: string, path: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}

/** It takes alerts in at once, and has worked through them a moment later. */
async function fires(url: string, labels: Record<string, string>, summary: string): Promise<void> {
  await post(url, '/api/v2/alerts', [{ labels, annotations: { summary } }]);
  const isThere = async () => (await (await fetch(`${url}/api/v2/alerts`)).text()).includes(summary);
  await waitUntil(isThere, { withinMs: 10_000, what: `the alert ${summary}` });
}

describe('the adapter and Alertmanager itself', () => {
  alertsContract(async () => {
    const server = await startRealAlertmanager();
    return {
      alerts: at(server.url),
      opens: ({ title, service }) =>
        fires(server.url, { alertname: 'Down', severity: 'page', service }, title),
      goAway: async () => server[Symbol.asyncDispose](),
      [Symbol.asyncDispose]: async () => server[Symbol.asyncDispose](),
    };
  });

  it('leaves out what does not page and what is silenced, and refuses a matcher as its stand-in does', async () => {
    await using server = await startRealAlertmanager();
    await fires(server.url, { alertname: 'Slow', severity: 'ticket' }, 'slow');
    await fires(server.url, { alertname: 'Down', severity: 'page', service: 'web' }, 'down');
    expect(await at(server.url).open()).toMatchObject([{ alerts: [{ title: 'down' }] }]);
    await post(server.url, '/api/v2/silences', {
      matchers: [{ name: 'alertname', value: 'Down', isRegex: false, isEqual: true }],
      startsAt: new Date(Date.now() - 60_000).toISOString(),
      endsAt: new Date(Date.now() + 600_000).toISOString(),
      createdBy: 'test',
      comment: 'known',
    });
    const isSilent = async () => {
      const [answer] = await at(server.url).open();
      return answer?.kind === 'told' && answer.alerts.length === 0;
    };
    await waitUntil(isSilent, { withinMs: 10_000, what: 'the silence' });
    const [refused] = await at(server.url, ['severity']).open();
    expect(refused).toMatchObject({
      kind: 'unknown',
      says: expect.stringMatching(/^Alertmanager answers 400: bad matcher format/),
    });
  });
});
