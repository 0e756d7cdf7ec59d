import { describe, expect, it } from 'vitest';
import { createAlerts } from '../../../src/adapters/alerts/alerts.ts';
import { alertLooks } from '../../../src/program/check/alert-looks.ts';
import { lookAtAll } from '../../../src/program/check/look-at-all.ts';
import { startAlertmanager } from '../../servers/alertmanager.ts';
import { startPagerDuty } from '../../servers/pager-duty.ts';

describe('those who are called when something is wrong', () => {
  it('are asked by the check, each for itself, and doubts come with their fix', async () => {
    await using alertmanager = await startAlertmanager({ alerts: [], authorization: 'Bearer s3cret' });
    await using pagerDuty = await startPagerDuty({
      incidents: [],
      services: { PWEB: 'maintenance' },
      token: 's3cret',
    });
    const matchers = ['severity="page"'];
    const labels = { serviceLabel: 'service', environmentLabel: 'environment' };
    const services = { web: 'PWEB' };
    const alerts = createAlerts({
      alertmanager: { url: alertmanager.url, timeoutMs: 2_000, matchers, ...labels },
      pagerDuty: { url: pagerDuty.url, timeoutMs: 2_000, services, authorization: 'Token token=s3cret' },
    });
    const alerting = {
      answerWithinMs: 2_000,
      alertmanager: { url: alertmanager.url, matchers, ...labels },
      pagerDuty: { url: pagerDuty.url, services, tokenEnv: 'PAGERDUTY_TOKEN' },
    };
    const [report] = await lookAtAll(alertLooks({ alerting }, alerts));
    expect(report?.findings).toEqual([
      { kind: 'fault', says: 'Alertmanager answers 401', fix: expect.stringContaining('alerting') },
      { kind: 'ok', says: 'PagerDuty answers, 0 open' },
      {
        kind: 'warning',
        says: "PagerDuty's service of web is in maintenance, and opens no incidents",
        fix: expect.stringContaining('maintenance'),
      },
    ]);
    expect(await lookAtAll(alertLooks({ alerting: { answerWithinMs: 1 } }, alerts))).toEqual([]);
  });
});
