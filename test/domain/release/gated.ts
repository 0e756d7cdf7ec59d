import { nextTurn } from '../../../src/domain/release/next-turn.ts';
import { gate, moving, plan, planned, type Stage } from './fixtures.ts';

/** One service, whose canary is judged by its error rate. */
export const withGate = plan({
  services: { 'orders-api': planned('orders-api', { gates: [gate()] }) },
  waves: [['orders-api']],
});
/** A release that has begun to move. */
export const underWay = (cut = plan()) => moving(cut, nextTurn);
/** The first pause of its canary. */
export const moment = {
  placement: 'main/shop/orders-api',
  podHash: 'hash-8',
  step: 1,
  since: '2026-11-20T14:01:00Z',
};

/** Records movements until the turn is about something else. */
export function settled(stage: Stage) {
  for (let turn = nextTurn(stage.look()); ; turn = nextTurn(stage.look())) {
    if (!turn.record.release.some((fact) => fact.kind === 'service.moved')) return turn;
    stage.take(turn);
  }
}

/** What the gate came to at a moment. */
export function judged(verdict: 'pass' | 'fail' | 'inconclusive' | 'error', at: object = moment) {
  return {
    kind: 'gate.judged' as const,
    data: {
      gate: 'error-rate',
      service: 'orders-api',
      moment: at as typeof moment,
      verdict,
      required: true,
      measurements: [{ at: '2026-11-20T14:03:00.000Z', outcome: verdict, value: 0.031 }],
    },
  };
}
