import { describe, expect, it } from 'vitest';
import type { PlannedGate } from '../../../src/domain/gate/planned-gate.ts';
import type { Plan } from '../../../src/domain/plan/plan.ts';
import { valueOrigins } from '../../../src/domain/plan/value-origins.ts';
import { serviceOf } from './world.ts';

const gate = (name: string) => ({ name }) as PlannedGate;
const planned = (tier: number, gates: string[] = [], dependsOn: string[] = []) => ({
  tier,
  owner: 'team',
  dependsOn,
  gates: gates.map(gate),
});

describe('where a plan’s values were said', () => {
  it('is the document, the catalog, Backstage, signalbox.yaml, or nowhere', () => {
    const plan = {
      services: {
        orders: planned(1, ['error-ratio', 'paid'], ['web']),
        web: planned(2, ['error-ratio', 'own']),
        search: planned(0),
      },
    } as unknown as Pick<Plan, 'services'>;
    const catalog = {
      services: {
        orders: { ...serviceOf('orders', { tier: 1, gates: ['paid'] }), fromBackstage: ['owner', 'tier'] },
        web: { ...serviceOf('web', { tier: 2 }), tierIsDefault: true as const },
        search: serviceOf('search', { tier: 3 }),
      },
    };
    const told = valueOrigins(plan, { catalog, environment: { gates: [gate('error-ratio')] } });
    expect(told.map(({ value, from, services }) => `${value} ${from} ${services.join(' ')}`).sort()).toEqual([
      'dependsOn catalog orders',
      'gate error-ratio signalbox.yaml orders web',
      'gate own document web',
      'gate paid catalog orders',
      'owner Backstage orders',
      'owner catalog search web',
      'tier Backstage orders',
      'tier default web',
      'tier document search',
    ]);
  });
});
