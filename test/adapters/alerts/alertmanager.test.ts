import { describe, expect, it } from 'vitest';
import { createAlerts } from '../../../src/adapters/alerts/alerts.ts';
import { alertsContract } from '../../contracts/alerts.ts';
import { startAlertmanager } from '../../servers/alertmanager.ts';

const at = (url: string, more: { matchers?: string[]; authorization?: string; timeoutMs?: number } = {}) =>
  createAlerts({
    alertmanager: {
      url,
      timeoutMs: 2_000,
      matchers: ['severity="page"'],
      serviceLabel: 'service',
      environmentLabel: 'env',
      ...more,
    },
  });

describe('an Alertmanager', () => {
  alertsContract(async () => {
    const server = await startAlertmanager({ alerts: [] });
    return {
      alerts: at(server.url),
      opens: async ({ title, service }) => {
        const labels = { alertname: 'Down', severity: 'page', service };
        server.holds.alerts.push({ labels, annotations: { summary: title } });
      },
      goAway: async () => server[Symbol.asyncDispose](),
      [Symbol.asyncDispose]: async () => server[Symbol.asyncDispose](),
    };
  });

  it('is asked for what pages and nobody silenced, in its environment', async () => {
    await using server = await startAlertmanager({
      alerts: [
        { labels: { alertname: 'Slow', severity: 'ticket' } },
        { labels: { alertname: 'Silenced', severity: 'page' }, state: 'suppressed' },
        { labels: { alertname: 'Down', severity: 'page', service: 'web', env: 'prod' } },
      ],
    });
    const [answer] = await at(server.url).open();
    expect(answer).toMatchObject({
      alerts: [{ title: 'Down', service: 'web', environment: 'prod', link: expect.any(String) }],
    });
  });

  it('says in its own words what it does not understand, which it tells as a bare text', async () => {
    await using server = await startAlertmanager({ alerts: [] });
    const [answer] = await at(server.url, { matchers: ['severity'] }).open();
    expect(answer).toEqual({
      kind: 'unknown',
      source: 'Alertmanager',
      says: 'Alertmanager answers 400: bad matcher format: severity',
    });
  });

  it('that lets nobody in, is broken or slow is no silence', async () => {
    await using server = await startAlertmanager({ alerts: [], authorization: 'Bearer s3cret' });
    expect(await at(server.url).open()).toMatchObject([
      { kind: 'unknown', says: 'Alertmanager answers 401' },
    ]);
    const known = { authorization: 'Bearer s3cret' };
    expect(await at(server.url, known).open()).toMatchObject([{ kind: 'told' }]);
    server.holds.trouble = 'broken';
    expect(await at(server.url, known).open()).toMatchObject([
      { says: 'Alertmanager answers 500: internal' },
    ]);
    server.holds.trouble = 'hang';
    const slow = await at(server.url, { timeoutMs: 50 }).open();
    expect(slow).toMatchObject([{ kind: 'unknown', says: expect.stringContaining("can't be reached") }]);
    expect(JSON.stringify(slow)).not.toContain('s3cret');
  });
});
