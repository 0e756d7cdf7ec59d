import type { Actor } from '../../../src/domain/actor.ts';
import type { Judgement } from '../../../src/domain/gate/planned-gate.ts';
import { type ReleaseId, releaseId } from '../../../src/domain/ids.ts';
import type { NewFact, ReleaseFactBody } from '../../../src/domain/ledger/fact.ts';
import { ANA, plan } from '../../domain/release/fixtures.ts';

const ACTOR: Actor = { kind: 'policy', id: 'signalbox:policy:prod' };
const AT = '2026-11-20T14:00:00.000Z';
const PLACEMENT = 'main/shop/orders-api';

/** Id of the `i`th release, from 1. */
export function releaseOf(i: number): ReleaseId {
  return releaseId('prod', nameOf(i));
}

function nameOf(i: number): string {
  return `checkout-2026-11-20.${i}`;
}

/** The first facts of the `i`th release: cut and start, then the mixture of a long canary. */
export function factsOf(i: number, count: number): NewFact[] {
  const opening = [cut(i), { kind: 'release.started' as const, data: { epochs: { 'orders-api': 1 } } }];
  const facts = Array.from({ length: count }, (_, n) => opening[n] ?? canaryFact(n - opening.length));
  return facts.map((fact) => ({ ...fact, actor: ACTOR, occurredAt: AT, clock: 'signalbox' }));
}

function cut(i: number): ReleaseFactBody {
  const manifest = {
    path: 'releases/prod/release.yaml',
    text: 'kind: Release\n',
    repository: 'gitops',
    branch: 'main',
  };
  const planHash = 'a'.repeat(64);
  const data = { name: nameOf(i), environment: 'prod', plan: plan(), planHash, manifest, requestedBy: ANA };
  return { kind: 'release.cut', data };
}

/** In turn: an intent, its receipt, a movement, a verdict. */
function canaryFact(n: number): ReleaseFactBody {
  const podHash = `5d8f7c${Math.floor(n / 4)}`;
  const id = `abort/${PLACEMENT}/${podHash}`;
  switch (n % 4) {
    case 0: {
      const workload = { cluster: 'main', namespace: 'shop', rollout: 'orders-api' };
      const effect = { kind: 'rollout.abort' as const, ...workload, podHash };
      return { kind: 'effect.intended', data: { id, effect, onBehalfOf: ACTOR } };
    }
    case 1:
      return { kind: 'effect.done', data: { effect: id, receipt: { at: AT, how: 'done' } } };
    case 2: {
      const where = { service: 'orders-api', placement: PLACEMENT, podHash };
      return { kind: 'service.moved', data: { ...where, phase: 'Paused', step: 1, weight: 25 } };
    }
    default:
      return { kind: 'gate.judged', data: judgement(podHash) };
  }
}

function judgement(podHash: string): Judgement {
  const measurement = { at: AT, outcome: 'pass' as const, value: 0.001, traffic: 12 };
  return {
    gate: 'error-ratio',
    service: 'orders-api',
    moment: { placement: PLACEMENT, podHash, step: 1, since: AT },
    verdict: 'pass',
    required: true,
    query: 'sum(rate(http_requests_total{status=~"5.."}[5m])) / sum(rate(http_requests_total[5m]))',
    threshold: '< 2%',
    windowMs: 300_000,
    measurements: [measurement, measurement],
  };
}
