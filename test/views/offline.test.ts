import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { commitMessage } from '../../src/adapters/git/commit-message.ts';
import type { Catalog } from '../../src/domain/catalog/catalog.ts';
import { byHand, type Remembered } from '../../src/domain/release/by-hand.ts';
import { waveIntents } from '../../src/domain/release/commits.ts';
import type { ReleaseState } from '../../src/domain/release/release-state.ts';
import type { Request } from '../../src/domain/request.ts';
import type { RolloutObserved } from '../../src/domain/rollout/rollout-view.ts';
import { offline, revertCommands } from '../../src/views/offline.ts';
import { catalogOf, placementOf } from '../domain/plan/world.ts';
import { pausedAt, rollout, Stage } from '../domain/release/fixtures.ts';
import { wordsOf } from './fixtures.ts';

const seen = (view: Parameters<typeof rollout>[1]): RolloutObserved => ({
  kind: 'seen',
  staleMs: 0,
  rollout: rollout('any', view),
});
const calm = seen({ seed: '7' });
const moving = seen(pausedAt(1));

/** Orders in the middle of its canary in prod, everything else at rest. */
const remembered: Remembered = {
  environments: [
    { name: 'dev', repository: 'gitops' },
    { name: 'prod', repository: 'gitops' },
  ],
  catalog: () => withArgocd(catalogOf({ orders: [], web: ['orders'] })),
  observe: ({ rollout: name, namespace }) => (name === 'orders' && namespace === 'prod' ? moving : calm),
};

function withArgocd(catalog: Catalog): Catalog {
  const services = Object.entries(catalog.services).map(([name, service]) => {
    const argocd = { application: `${name}-prod`, namespace: 'argocd' };
    const placements = { ...service.placements, prod: [{ ...placementOf(name), argocd }] };
    return [name, { ...service, placements }];
  });
  return { ...catalog, services: Object.fromEntries(services) };
}

const origins = { gitops: { url: 'https://git.example/gitops.git', branch: 'main' } };
const words = (request: Request, more: Partial<Remembered> = {}) =>
  wordsOf(offline(byHand(request, { ...remembered, ...more }), { isUnsure: false, origins }).blocks);

describe('what is told when the store is away', () => {
  it('names the Rollouts that move, the commits and the Applications', () => {
    const told = words({ kind: 'rollbackPlan' });
    expect(told).toContain('By hand in prod, now');
    expect(told).toContain('kubectl argo rollouts abort orders -n prod\n');
    expect(told).not.toContain('abort web');
    expect(told).toContain('git clone --branch main https://git.example/gitops.git by-hand');
    expect(told).toContain(
      'kubectl annotate applications.argoproj.io -n argocd orders-prod argocd.argoproj.io/refresh=normal --overwrite',
    );
  });

  it('looks at what a person asked for: an environment, a release, a service', () => {
    const abort = words({ kind: 'abort', release: '.3', environment: 'dev' });
    expect(abort).toContain('By hand in dev');
    expect(abort).toContain('# nothing is seen moving');
    expect(abort).toContain("--grep='^Release-Id: dev/.*\\.3$'");
    const service = words({ kind: 'rollbackPlan', target: 'web', environment: 'prod' });
    expect(service).toContain('-- prod/web/kustomization.yaml');
    expect(service).toContain('web-prod argocd.argoproj.io/refresh');
  });

  it('takes what nothing is known of for moving, and says the pattern where there is no catalog', () => {
    const unknown = words(
      { kind: 'abort', environment: 'prod' },
      { observe: () => ({ kind: 'unknown', reason: 'not looked yet' }) },
    );
    expect(unknown).toMatch(/abort orders -n prod\nkubectl argo rollouts abort web -n prod/);
    expect(words({ kind: 'abort', environment: 'prod' }, { catalog: () => undefined })).toContain(
      'abort &lt;rollout&gt; -n &lt;namespace&gt;',
    );
  });

  it('puts nothing of what was typed into a command but a release’s name', () => {
    const typed = words({ kind: 'abort', release: "x'; rm -rf ~ #-2026-11-20.1", environment: 'prod' });
    expect(typed).not.toContain('rm -rf');
    expect(words({ kind: 'rollbackPlan', target: '$(reboot)', environment: 'prod' })).not.toContain('reboot');
  });

  it('says nothing by hand for what can wait', () => {
    expect(words({ kind: 'openHome' })).not.toContain('By hand');
  });
});

describe('the printed git commands', () => {
  const FILE = 'clusters/prod/apps/orders-api/kustomization.yaml';

  /** A repository in which releases .1, .10 and .2 were deployed in two waves each, with an edit of somebody else after them. */
  function repository() {
    const folder = mkdtempSync(join(tmpdir(), 'signalbox-by-hand-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const work = join(folder, 'work');
    const origin = join(folder, 'gitops.git');
    const run = (command: string, args: string[], cwd = work) =>
      execFileSync(command, args, {
        cwd,
        encoding: 'utf8',
        env: { ...process.env, ...NOBODY },
        stdio: 'pipe',
      });
    execFileSync('git', ['init', '-q', '--bare', '-b', 'main', origin]);
    execFileSync('git', ['clone', '-q', origin, work], { stdio: 'pipe' });
    run('git', ['checkout', '-q', '-b', 'main']);
    const commit = (message: string, files: Record<string, string>) => {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(work, path)), { recursive: true });
        writeFileSync(join(work, path), text);
      }
      run('git', ['add', '-A']);
      run('git', ['commit', '-q', '-m', message]);
    };
    commit('First', { [FILE]: 'digest: 0\n', 'payments.yaml': 'digest: 0\n', 'notes.md': 'a\n' });
    for (const number of ['1', '10', '2']) {
      const name = `shop-2026-11-20.${number}` as const;
      const release: ReleaseState = { ...new Stage().state, name, id: `prod/${name}` };
      const [orders, payments] = [0, 1].map((wave) => waveIntents(release, wave)[0]?.effect);
      if (orders?.kind !== 'git.commit' || payments?.kind !== 'git.commit') throw new Error('two waves');
      commit(commitMessage({ ...orders, operation: `${number}-1` }), { [FILE]: `digest: ${number}\n` });
      commit(commitMessage({ ...payments, operation: `${number}-2` }), {
        'payments.yaml': `digest: ${number}\n`,
      });
    }
    commit('Somebody else', { 'notes.md': 'b\n' });
    run('git', ['push', '-q', 'origin', 'main']);
    return {
      /** Runs the commands as a person pastes them, and gives what the branch holds then. */
      paste(of: { release?: string; files?: string[] }) {
        const lines = revertCommands({
          environment: 'prod',
          files: [],
          ...of,
          origin: { url: origin, branch: 'main' },
        });
        run('sh', ['-e', '-c', lines.join('\n')], folder);
        const after = join(folder, 'by-hand');
        const read = (path: string) => readFileSync(join(after, path), 'utf8').trim();
        return {
          held: [read(FILE), read('payments.yaml'), read('notes.md')],
          commits: Number(run('git', ['rev-list', '--count', 'main'], origin)),
          message: run('git', ['log', '-1', '--format=%B', 'main'], origin).trim(),
        };
      },
    };
  }

  const NOBODY = {
    GIT_AUTHOR_NAME: 'Ana',
    GIT_AUTHOR_EMAIL: 'ana@example.com',
    GIT_COMMITTER_NAME: 'Ana',
    GIT_COMMITTER_EMAIL: 'ana@example.com',
    GIT_CONFIG_GLOBAL: '/dev/null',
  };

  it.each([
    ['the newest release', {}],
    ['a release by its end', { release: '.2' }],
    ['a release by its name', { release: 'shop-2026-11-20.2' }],
    ['the release that last touched a service', { files: [FILE] }],
  ])('take back %s in one commit, whole, and leave what others did', (_, of) => {
    const { held, commits, message } = repository().paste(of);
    expect(held).toEqual(['digest: 10', 'digest: 10', 'b']);
    expect(commits).toBe(9);
    expect(message).toBe('Roll back prod/shop-2026-11-20.2 by hand\n\nRolls-Back: prod/shop-2026-11-20.2');
  });

  it('end before they push anything when there is no such release, or later work is in the way', () => {
    expect(() => repository().paste({ release: '.7' })).toThrow();
    expect(() => repository().paste({ release: '.1' })).toThrow(/CONFLICT|conflict/);
  });
});
