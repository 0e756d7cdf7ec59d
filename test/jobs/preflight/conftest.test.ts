import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../src/ports/message.ts';
import { wordsOf } from '../../views/fixtures.ts';
import { type PlainWorld, plainWorld } from '../plain-world.ts';

const FILE = 'evidence/orders-api/1.2.0/conftest.json';
const passed = { filename: 'k8s/orders.yaml', namespace: 'main', successes: 3 };

function answered({ workspace }: PlainWorld): string {
  const answer = workspace.told.at(-1)?.answer as Answer;
  return 'message' in answer ? wordsOf([answer.message.text, answer.message.blocks]) : answer.kind;
}

/** A cut of 1.2.0, with this in the file of its results; absent: no file. */
async function cutWith(results: unknown, where = 'evidence/{service}/{version}/conftest.json') {
  const world = await plainWorld();
  const catalog = (await world.repository.read('main', 'catalog.yaml')) ?? '';
  const files = {
    'catalog.yaml': catalog.replace(
      '    placements:',
      `    conftest: { file: "${where}", namespaces: [main, limits] }\n    placements:`,
    ),
    ...(results !== undefined && { [FILE]: typeof results === 'string' ? results : JSON.stringify(results) }),
  };
  await world.repository.push({ branch: 'main', files });
  const release = await world.cut(2);
  return { world, release, words: answered(world) };
}

describe('the results of conftest', () => {
  it('pass when every namespace was evaluated and nothing was found, and say at which commit', async () => {
    const { world, release } = await cutWith([passed, { ...passed, namespace: 'limits', failures: null }]);
    const rows = (await world.state(release)).preflight?.rows.filter(({ rule }) => rule === 'conftest');
    expect(rows).toEqual([
      {
        rule: 'conftest',
        outcome: 'pass',
        refuses: false,
        says: expect.stringMatching(/orders-api at \S{8}/),
      },
    ]);
  });

  it('refuse what failed and warn of what was warned of', async () => {
    const failures = [{ msg: 'web must set a CPU limit' }];
    const refused = await cutWith([passed, { ...passed, namespace: 'limits', failures }]);
    expect(refused.words).toMatch(
      /Not cut for prod[\s\S]*k8s\/orders\.yaml: web must set a CPU limit[\s\S]*rule `conftest` · `orders-api`/,
    );
    const warnings = [{ msg: 'is not signed' }];
    const warned = await cutWith([passed, { ...passed, namespace: 'limits', successes: 0, warnings }]);
    expect(warned.words).toMatch(/is cut[\s\S]*k8s\/orders\.yaml: is not signed/);
  });

  it.each<[string, unknown, RegExp]>([
    [
      'nothing at all',
      undefined,
      /there is no evidence\/orders-api\/1\.2\.0\/conftest\.json on main of gitops/,
    ],
    ['no result', [], /no policy of main, limits was evaluated: .* holds no evaluated policy/],
    ['a namespace too few', [passed], /no policy of limits was evaluated: .* holds results of main only/],
    [
      'a namespace without rules',
      [passed, { ...passed, namespace: 'limits', successes: 0 }],
      /no policy of limits/,
    ],
    ['another output', { failures: 0 }, /is no output of conftest test -o json/],
    [
      'a result without a count',
      [{ filename: 'a', namespace: 'main' }],
      /is no output of conftest.*0\.successes/,
    ],
    ['no JSON', '[{"filename": ', /conftest\.json:1: /],
  ])('that are %s refuse', async (_, results, says) => {
    const { words, world } = await cutWith(results);
    expect(words).toMatch(/Not cut for prod/);
    expect(words).toMatch(says);
    expect(await world.newest()).toBe('');
  });

  it('of a path that the image cannot fill refuse', async () => {
    const { words } = await cutWith([], 'evidence/{revision}.json');
    expect(words).toMatch(/its image does not say its \{revision\}/);
  });

  it('have to be about a version, in the catalog itself', async () => {
    const { words, world } = await cutWith([], 'evidence/conftest.json');
    expect(words).toMatch(/results of another version say nothing of this one/);
    expect(await world.newest()).toBe('');
  });
});
