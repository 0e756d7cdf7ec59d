import { describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/domain/catalog/catalog.ts';
import type { Plan } from '../../../src/domain/plan/plan.ts';
import { configCommits, configMoved } from '../../../src/jobs/cut/config-commits.ts';
import { memoryGit } from '../../simulation/ports/memory-git.ts';
import { memoryYaml } from '../../simulation/ports/memory-yaml.ts';

const FILE = 'clusters/prod/apps/web/values.yaml';
const rules = { repositories: { gitops: { branch: 'main' } } };
const placement = {
  cluster: 'main',
  namespace: 'prod',
  rollout: 'web',
  git: { repository: 'gitops', file: FILE, format: 'helm' as const },
};
const catalog: Catalog = {
  services: {
    web: {
      owner: 'team',
      tier: 2,
      images: { web: 'ghcr.io/acme/web' },
      dependsOn: [],
      gates: [],
      placements: { prod: [placement] },
    },
  },
};

function open() {
  const git = memoryGit({ yaml: memoryYaml(), committer: { name: 'Signalbox', email: 'bot@shop.test' } });
  const repository = git.createRepository('gitops', { [FILE]: 'image:\n  digest: a\n' });
  const push = (path: string, text: string, message: string) =>
    repository.push({ branch: 'main', files: { [path]: text }, message });
  /** As a wave of a release does. */
  const release = (digest: string) =>
    git.commit({
      repository: 'gitops',
      branch: 'main',
      operation: `op-${digest}`,
      files: [],
      keys: [{ repository: 'gitops', file: FILE, path: ['image', 'digest'], value: digest }],
      subject: 'Release it',
      body: '',
      trailers: [],
      author: { name: 'Ana', email: 'ana@shop.test' },
    });
  const now = () => configCommits({ git }, rules, { catalog, environment: 'prod', services: ['web'] });
  const moved = async (commit: string) => {
    const plan = { services: { web: { placements: [placement], config: { gitops: commit } } } };
    return configMoved({ git }, rules, plan as unknown as Plan);
  };
  return { push, release, now, moved };
}

describe('the configuration beside a service', () => {
  it('is known by the commit of somebody else that changed its files last', async () => {
    const { push, release, now } = open();
    const theirs = await push('clusters/prod/apps/web/limits.yaml', 'cpu: 1\n', 'More of it');
    await push('clusters/prod/apps/cart/values.yaml', 'a: 1\n', 'Another service');
    await release('b');
    expect(await now()).toEqual({ web: { gitops: theirs } });
  });

  it('has moved when others changed it since, and not when a release did', async () => {
    const { push, release, moved, now } = open();
    const since = (await now())['web']?.['gitops'] ?? '';
    await release('b');
    expect(await moved(since)).toEqual([]);
    const commit = await push(FILE, 'image:\n  digest: b\nreplicas: 9\n', 'Nine of them');
    expect(await moved(since)).toEqual([
      {
        service: 'web',
        repository: 'gitops',
        commits: [{ commit, subject: 'Nine of them', author: expect.any(String) }],
      },
    ]);
  });
});
