import { describe, expect, it } from 'vitest';
import {
  healthChecksDeclared,
  progressiveRequired,
  rolloutStrategyDeclared,
} from '../../../../src/domain/policy/rules/declarations.ts';
import { flagPlanComplete } from '../../../../src/domain/policy/rules/flags.ts';
import { asked, lines } from './asked.ts';

const BOTH = { liveness: '/healthz', readiness: '/readyz' };

describe('health-checks-declared', () => {
  it('lets pass services that say both', () => {
    const services = { orders: { healthChecks: BOTH }, web: { healthChecks: BOTH } };
    expect(healthChecksDeclared(asked({ services }))).toEqual([]);
  });

  it('refuses what is missing, and only advises it for internal services', () => {
    const services = {
      orders: { healthChecks: { liveness: '/healthz' } },
      web: { tier: 3 },
    };
    expect(lines(healthChecksDeclared(asked({ services })))).toEqual([
      'health-checks-declared error spec.services.orders: orders declares no readiness check',
      'health-checks-declared warn spec.services.web: web declares no liveness and no readiness check',
    ]);
  });
});

describe('rollout-strategy-declared', () => {
  const canary = { rollout: { strategy: 'canary' } };

  it('lets pass services that say how they are brought out', () => {
    expect(rolloutStrategyDeclared(asked({ services: { orders: canary, web: canary } }))).toEqual([]);
  });

  it('refuses those that do not, and only advises internal ones', () => {
    expect(lines(rolloutStrategyDeclared(asked({ services: { web: { tier: 'tier-4' } } })))).toEqual([
      'rollout-strategy-declared error spec.services.orders: orders does not say how it is brought out',
      'rollout-strategy-declared warn spec.services.web: web does not say how it is brought out',
    ]);
  });
});

describe('progressive-required', () => {
  const judged = (tier: number, strategy: string) =>
    lines(progressiveRequired(asked({ services: { web: { tier, rollout: { strategy } } } })));

  it.each([
    [0, 'canary'],
    [1, 'blueGreen'],
    [2, 'batch'],
    [3, 'rolling'],
    [4, 'rolling'],
  ])('lets tier %i be brought out by %s', (tier, strategy) => {
    expect(judged(tier, strategy)).toEqual([]);
  });

  it.each([
    [0, 'rolling'],
    [1, 'batch'],
    [2, 'rolling'],
  ])('does not let tier %i be brought out by %s', (tier, strategy) => {
    expect(judged(tier, strategy)).toEqual([
      `progressive-required error spec.services.web.rollout.strategy: web is tier ${tier}, and is brought out by ${strategy}`,
    ]);
  });

  it('leaves to another rule what is not declared', () => {
    expect(progressiveRequired(asked({}))).toEqual([]);
  });
});

describe('flag-plan-complete', () => {
  const GOOD = {
    key: 'tax',
    default: false,
    rollbackPlan: 'turn it off',
    services: ['web'],
    rollout: [1, 50, 100],
  };
  const judged = (change: object) =>
    lines(flagPlanComplete(asked({ spec: { flags: [{ ...GOOD, ...change }] } })));

  it('lets pass a flag with a value before and a plan for afterwards', () => {
    expect(judged({})).toEqual([]);
    expect(judged({ default: 'off', rollbackPlan: { do: 'turnOff' }, rollout: undefined })).toEqual([]);
    expect(flagPlanComplete(asked({}))).toEqual([]);
  });

  it.each<[object, string]>([
    [{ rollbackPlan: undefined }, 'spec.flags[0]: flag tax has no rollback plan'],
    [{ rollbackPlan: ' ' }, 'spec.flags[0].rollbackPlan: flag tax has no rollback plan'],
    [{ default: null }, 'spec.flags[0].default: flag tax has no value before the release'],
    [{ services: ['wbe'] }, 'spec.flags[0].services: flag tax is read by wbe, which is not in this release'],
    [{ rollout: [10, 1] }, 'spec.flags[0].rollout: flag tax is turned up from 10 to 1 percent'],
  ])('refuses %j', (change, says) => {
    expect(judged(change)).toEqual([`flag-plan-complete error ${says}`]);
  });

  it('names the service that was meant', () => {
    const flags = [{ ...GOOD, services: ['wbe'] }];
    expect(flagPlanComplete(asked({ spec: { flags } }))[0]?.remedy).toContain('did you mean web?');
  });
});
