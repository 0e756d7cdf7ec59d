import { describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/domain/catalog/catalog.ts';
import { commitForbidden, writeForbidden } from '../../../src/domain/observe/what-is-observed.ts';
import type { EnvironmentRules } from '../../../src/domain/rules.ts';

const environment = (name: string, more: Partial<EnvironmentRules> = {}) =>
  ({
    name,
    repository: 'gitops',
    manifestPath: 'releases/{environment}/{train}.yaml',
    ...more,
  }) as EnvironmentRules;

const place = (name: string) => ({
  cluster: 'main',
  namespace: name,
  rollout: 'web',
  git: { repository: 'gitops', file: `apps/web/${name}.yaml`, format: 'helm' as const },
  argocd: { application: `web-${name}`, namespace: 'argocd' },
});
const catalog: Catalog = {
  services: {
    web: {
      owner: 'team',
      tier: 1,
      images: { web: 'ghcr.io/acme/web' },
      dependsOn: [],
      gates: [],
      placements: { dev: [place('dev')], prod: [place('prod')] },
    },
  },
};
const rules = { environments: [environment('dev'), environment('prod', { observeOnly: true })] };
const commit = (...files: string[]) => commitForbidden({ rules, catalog }, { repository: 'gitops', files });

describe('what must not be written', () => {
  it('is every file of an observed environment, its manifest by whatever train, and nothing else', () => {
    expect(commit('apps/web/dev.yaml', 'releases/dev/shop.yaml', 'ledger/2026.jsonl')).toBeUndefined();
    expect(commit('apps/web/dev.yaml', 'apps/web/prod.yaml')).toMatch(/mode: observe for prod/);
    expect(commit('releases/prod/shop.yaml')).toMatch(/mode: observe for prod/);
    expect(
      commitForbidden({ rules, catalog }, { repository: 'other', files: ['apps/web/prod.yaml'] }),
    ).toBeUndefined();
  });

  it('is its Rollouts and Applications', () => {
    const at = (target: Parameters<typeof writeForbidden>[1]) => writeForbidden({ rules, catalog }, target);
    expect(at({ cluster: 'main', namespace: 'prod', rollout: 'web' })).toMatch(/prod/);
    expect(at({ cluster: 'main', namespace: 'argocd', application: 'web-prod' })).toMatch(/prod/);
    expect(at({ cluster: 'main', namespace: 'dev', rollout: 'web' })).toBeUndefined();
    expect(at({ cluster: 'main', namespace: 'argocd', application: 'web-dev' })).toBeUndefined();
  });

  it('is everything, the record too, where the whole installation observes', () => {
    const whole = { rules: { ...rules, observeOnly: true as const }, catalog: undefined };
    expect(commitForbidden(whole, { repository: 'record', files: ['ledger/1.jsonl'] })).toMatch(/anywhere/);
    expect(writeForbidden(whole, { cluster: 'main', namespace: 'dev', rollout: 'web' })).toMatch(/anywhere/);
  });
});
