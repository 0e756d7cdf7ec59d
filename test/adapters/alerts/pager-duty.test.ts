import { describe, expect, it } from 'vitest';
import { createAlerts } from '../../../src/adapters/alerts/alerts.ts';
import { alertsContract } from '../../contracts/alerts.ts';
import { type Account, startPagerDuty } from '../../servers/pager-duty.ts';

const account = (more: Partial<Account> = {}) =>
  startPagerDuty({ incidents: [], services: { PWEB: 'active', PORD: 'active' }, token: 's3cret', ...more });
const at = (url: string, more: { services?: Record<string, string>; authorization?: string } = {}) =>
  createAlerts({
    pagerDuty: {
      url,
      timeoutMs: 2_000,
      authorization: 'Token token=s3cret',
      services: { web: 'PWEB' },
      ...more,
    },
  });
const open = (title: string, more: Partial<Account['incidents'][number]> = {}) => ({
  title,
  status: 'triggered' as const,
  urgency: 'high' as const,
  service: 'PWEB',
  ...more,
});

describe('PagerDuty', () => {
  alertsContract(async () => {
    const server = await account();
    return {
      alerts: at(server.url),
      opens: async ({ title }) => void server.holds.incidents.push(open(title)),
      goAway: async () => server[Symbol.asyncDispose](),
      [Symbol.asyncDispose]: async () => server[Symbol.asyncDispose](),
    };
  });

  it('tells every urgent incident that is not resolved, however old and however many', async () => {
    await using server = await account({
      incidents: [
        open('old', { old: true, status: 'acknowledged' }),
        open('resolved', { status: 'resolved' }),
        open('not urgent', { urgency: 'low' }),
        open('of orders', { service: 'PORD' }),
        ...Array.from({ length: 120 }, (_, i) => open(`many ${i}`)),
      ],
    });
    const [answer] = await at(server.url).open();
    expect(answer?.kind === 'told' && answer.alerts).toHaveLength(121);
    const [all] = await at(server.url, { services: {} }).open();
    expect(
      all?.kind === 'told' && all.alerts.some(({ title, service }) => title === 'of orders' && !service),
    ).toBe(true);
  });

  it('doubts a service in maintenance or switched off, which swallows what it is told', async () => {
    await using server = await account({ services: { PWEB: 'maintenance', PORD: 'disabled' } });
    expect(await at(server.url, { services: { web: 'PWEB', orders: 'PORD' } }).open()).toMatchObject([
      {
        kind: 'told',
        doubts: [
          { service: 'web', says: expect.stringContaining('in maintenance') },
          { service: 'orders', says: expect.stringContaining('disabled') },
        ],
      },
    ]);
  });

  it('that refuses us, an id it does not know or so many questions is no silence', async () => {
    await using server = await account();
    const stranger = await at(server.url, { authorization: 'Token token=other' }).open();
    expect(stranger).toMatchObject([
      { kind: 'unknown', says: 'PagerDuty answers 401: HTTP Token: Access denied.' },
    ]);
    expect(await at(server.url, { services: { web: 'PNONE' } }).open()).toMatchObject([{ kind: 'unknown' }]);
    server.holds.trouble = 'rateLimited';
    expect(await at(server.url).open()).toMatchObject([
      { kind: 'unknown', says: 'PagerDuty answers 429: Rate Limit Exceeded' },
    ]);
  });
});
