import { describe, expect, it } from 'vitest';
import { clusterIn, stageIn, subjectOf, withoutStage } from '../../../src/domain/adoption/path-words.ts';

describe('what a path says', () => {
  it.each([
    ['clusters/dev/apps/web/values.yaml', 'dev', 'dev', 'web'],
    ['clusters/prod-eu/web/rollout.yaml', 'prod', 'prod-eu', 'web'],
    ['deploy/orders/values-production-eu.yaml', 'production', undefined, 'orders'],
    ['apps/orders/overlays/stg/kustomization.yaml', 'stg', undefined, 'orders'],
    ['envs/eu-prod/orders-api.yaml', 'prod', 'eu-prod', 'orders-api'],
    ['rollout.yaml', undefined, undefined, undefined],
    ['devices/rollout.yaml', undefined, undefined, 'devices'],
  ])('%s: stage %s, cluster %s, service %s', (path, stage, cluster, subject) => {
    expect([stageIn(path)?.word, clusterIn(path), subjectOf(path)]).toEqual([stage, cluster, subject]);
  });

  it('puts stages in promotion order, whatever they are called', () => {
    const words = ['development', 'test', 'qa', 'uat', 'stage', 'preprod', 'live'];
    const ranks = words.map((word) => stageIn(word)?.rank ?? -1);
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    expect(new Set(ranks).size).toBe(words.length);
    expect(stageIn('prd')?.rank).toBe(stageIn('production')?.rank);
  });

  it.each([
    ['orders-prod', 'orders'],
    ['staging-orders', 'orders'],
    ['orders', 'orders'],
    ['prod', 'prod'],
    ['orders-product', 'orders-product'],
  ])('takes the stage off %s', (name, service) => {
    expect(withoutStage(name)).toBe(service);
  });
});
