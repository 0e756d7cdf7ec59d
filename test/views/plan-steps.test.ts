import { describe, expect, it } from 'vitest';
import { planSteps } from '../../src/views/plan-steps.ts';
import { gate, plan, planned } from '../domain/release/fixtures.ts';

describe('the steps of a plan', () => {
  it('are told in order, each with what has to be seen before the next', () => {
    const { services, waves } = plan({
      services: {
        'orders-api': planned('orders-api', {
          gates: [
            gate({ name: 'budget', type: 'errorBudget', phase: 'preflight' }),
            gate({ name: 'errors' }),
            gate({ name: 'shown', required: false }),
            gate({ name: 'smoke', phase: 'postDeploy' }),
          ],
        }),
        web: planned('web', { gates: [] }),
      },
      waves: [['orders-api'], ['web']],
    });
    expect(planSteps({ services, waves }).map(({ mrkdwn }) => mrkdwn)).toEqual([
      '0. Before it starts: budget',
      '1. orders-api: the commit is synced → errors at the pauses → ready pods run the digests → smoke afterwards',
      '2. web: the commit is synced → a person at each pause without an end → ready pods run the digests',
    ]);
  });
});
