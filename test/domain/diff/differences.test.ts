import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Content } from '../../../src/domain/content.ts';
import { compare } from '../../../src/domain/diff/differences.ts';
import { EVERYWHERE, type Running, runningOf, type Side } from '../../../src/domain/diff/side.ts';
import { diffAnswer } from '../../../src/views/diff.ts';
import { wordsOf } from '../../views/fixtures.ts';
import { contentOf, digestOf, imageOf } from '../plan/world.ts';

function side(name: string, contents: Record<string, Content>, more: Partial<Side> = {}): Side {
  const services = Object.entries(contents).map(([service, content]) => [
    service,
    { [EVERYWHERE]: runningOf(content) },
  ]);
  return { name, services: Object.fromEntries(services), unclear: [], notes: [], isWhole: true, ...more };
}

const key = (value: string, path = 'image.tag') => ({
  repository: 'gitops',
  file: 'prod/web/values.yaml',
  path: path.split('.'),
  value,
});

function words(a: Side, b: Side): string {
  const answer = diffAnswer(compare(a, b), {});
  return answer.kind === 'file' ? `${wordsOf(answer.message)}\n${answer.text}` : wordsOf(answer);
}

describe('what differs between two sides', () => {
  it('is what was added, removed and changed, and nothing of what is the same', () => {
    const a = side('dev', {
      cart: contentOf('cart', '1'),
      web: contentOf('web', '1'),
      old: contentOf('old', '1'),
    });
    const b = side('prod', {
      cart: contentOf('cart', '2'),
      web: contentOf('web', '1'),
      new: contentOf('new', '1'),
    });
    const compared = compare(a, b);
    expect(compared.differences.map(({ kind, service }) => `${kind} ${service}`)).toEqual([
      'changed cart',
      'added new',
      'removed old',
    ]);
    expect(compared.same).toEqual(['web']);
    const told = words(a, b);
    expect(told).toContain('3 services differ, 1 service is the same');
    expect(told).toMatch(/`cart` {2}1 → 2 \([0-9a-f]{12} → [0-9a-f]{12}\)/);
    expect(told).toContain('`new`  only in prod: 1');
    expect(told).toContain('`old`  only in dev: 1');
  });

  it('is told of bytes that differ under one version', () => {
    const other = contentOf('cart', '1', {
      images: { cart: { ...imageOf('cart', '1'), digest: digestOf('other bytes') } },
    });
    expect(words(side('a', { cart: contentOf('cart', '1') }), side('b', { cart: other }))).toMatch(
      /`cart` {2}1 → 1 \([0-9a-f]{12} → [0-9a-f]{12}\)/,
    );
  });

  it('is not a digest that is one platform of the same image', () => {
    const index = contentOf('cart', '1', {
      images: { cart: { ...imageOf('cart', '1'), platforms: { 'linux/amd64': digestOf('amd64') } } },
    });
    const reported: Running = { images: { cart: { digests: [digestOf('amd64')] } }, keys: [] };
    const cluster = side('cluster', {}, { services: { cart: { east: reported } } });
    expect(compare(side('git', { cart: index }), cluster).differences).toEqual([]);
  });

  it('is a chart, and a value of a file that neither image nor chart has told already', () => {
    const a = contentOf('web', '1', { chartVersion: '4.0', keys: [key('1'), key('blue', 'color')] });
    const b = contentOf('web', '2', { chartVersion: '4.1', keys: [key('2'), key('red', 'color')] });
    const told = words(side('a', { web: a }), side('b', { web: b }));
    expect(told).toContain('chart 4.0 → 4.1');
    expect(told).toContain('prod/web/values.yaml color: blue → red');
    expect(told).not.toContain('image.tag');
  });

  it('is not the id of the release, which differs between any two', () => {
    const a = contentOf('web', '1', { keys: [key('prod/shop-2026-11-20.1', 'env.RELEASE_ID')] });
    const b = contentOf('web', '1', { keys: [key('prod/shop-2026-11-20.2', 'env.RELEASE_ID')] });
    expect(compare(side('a', { web: a }), side('b', { web: b })).differences).toEqual([]);
  });

  it('is a tag without a digest, whatever it is called', () => {
    const unpinned: Running = { images: { web: { digests: [], version: '1' } }, keys: [] };
    const b = side('git', {}, { services: { web: { [EVERYWHERE]: unpinned } } });
    expect(words(side('a', { web: contentOf('web', '1') }), b)).toContain('1 → 1 (by tag, no digest)');
  });

  it('of a release and an environment is only about what the release names', () => {
    const release = side('prod/shop-2026-11-20.3', { cart: contentOf('cart', '2') }, { isWhole: false });
    const prod = side('prod', { cart: contentOf('cart', '1'), web: contentOf('web', '1') });
    expect(compare(release, prod).differences).toHaveLength(1);
    expect(compare(prod, release).differences).toHaveLength(1);
  });

  it('is plainly nothing when there is nothing, and never nothing where something could not be read', () => {
    const prod = side('prod', { cart: contentOf('cart', '1'), web: contentOf('web', '1') });
    expect(words(prod, { ...prod, name: 'git' })).toContain(
      'No difference between prod and git: 2 services are the same',
    );
    const blind = { ...prod, name: 'git', unclear: [{ service: 'web', says: 'its file is gone' }] };
    expect(words(prod, blind)).toContain('1 service is the same, 1 could not be compared');
    expect(words(prod, blind)).toContain('`web` not compared (git): its file is gone');
    const nothing = side(
      'git',
      {},
      {
        unclear: [
          { service: 'cart', says: 'no' },
          { service: 'web', says: 'no' },
        ],
      },
    );
    expect(words(prod, nothing)).toContain('nothing could be compared: 2 services could not be read');
  });

  it('that is long is one message with a file that has all of it', () => {
    const contents = (version: string) =>
      Object.fromEntries(
        Array.from({ length: 40 }, (_, i) => [`service-${i + 10}`, contentOf(`service-${i + 10}`, version)]),
      );
    const answer = diffAnswer(compare(side('dev', contents('1')), side('prod', contents('2'))), {});
    if (answer.kind !== 'file') throw new Error(answer.kind);
    expect(wordsOf(answer.message)).toContain('and 25 more differences');
    expect(answer.text.match(/service-\d+/g)).toHaveLength(40);
  });

  it('shows what people wrote escaped', () => {
    const a = side('a', { web: contentOf('web', '<!channel>') });
    expect(words(a, side('b', { web: contentOf('web', '2') }))).toContain('&lt;!channel&gt;');
  });

  it('is nothing for a side and itself, and the same seen from the other side', () => {
    const contents = fc.dictionary(
      fc.constantFrom('cart', 'web', 'stock'),
      fc.constantFrom('1', '2', '3').map((version) => contentOf('x', version)),
    );
    fc.assert(
      fc.property(contents, contents, (left, right) => {
        const [a, b] = [side('a', left), side('b', right)];
        expect(compare(a, a).differences).toEqual([]);
        const turned = { changed: 'changed', added: 'removed', removed: 'added' };
        expect(compare(b, a).differences.map(({ kind, service }) => [kind, service])).toEqual(
          compare(a, b).differences.map(({ kind, service }) => [turned[kind], service]),
        );
      }),
    );
  });
});
