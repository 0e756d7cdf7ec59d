import { describe, expect, it } from 'vitest';
import { needsOf } from '../../../src/domain/plan/needs.ts';
import { compareVersions } from '../../../src/domain/plan/version-order.ts';
import { contentOf } from './world.ts';

const orders = { from: contentOf('orders', '1.7.4'), to: contentOf('orders', '1.8.0'), dependsOn: [] };
const payments = (minVersion?: string) => ({
  from: contentOf('payments', '3.1.0'),
  to: contentOf('payments', '3.2.0'),
  dependsOn: [{ service: 'orders', minVersion }],
});

describe('what needs what in a release', () => {
  it.each([
    ['the old version is too low', '1.8', ['orders']],
    ['the old version would do', '1.7', []],
    ['no lowest version is known, so that nothing proves the old one would do', undefined, ['orders']],
    ['the lowest version is no version', 'abc123', ['orders']],
  ])('%s', (_, minVersion, needs) => {
    expect(needsOf({ orders, payments: payments(minVersion) })).toEqual({ orders: [], payments: needs });
  });

  it('needs a service that was not here before', () => {
    const { from: _, ...fresh } = orders;
    expect(needsOf({ orders: fresh, payments: payments('0.1') })['payments']).toEqual(['orders']);
  });

  it('needs nothing that does not change, and nothing outside the release', () => {
    const still = { ...orders, to: orders.from };
    expect(needsOf({ orders: still, payments: payments('1.8') })['payments']).toEqual([]);
    expect(needsOf({ payments: payments('1.8') })['payments']).toEqual([]);
  });
});

describe('the order of versions', () => {
  it.each([
    ['1.8', '1.8.0', 0],
    ['v1.10.0', '1.9.3', 1],
    ['1.8.0-rc.1', '1.8.0', -1],
    ['2.0.0+build.7', '2', 0],
    ['3f2a9c1', '1.0.0', undefined],
    ['1.2.3.4', '1.0.0', undefined],
    [undefined, '1.0.0', undefined],
  ])('%s against %s is %s', (a, b, order) => {
    expect(compareVersions(a, b)).toBe(order);
  });
});
