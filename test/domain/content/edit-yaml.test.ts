import { describe, expect, it } from 'vitest';
import { editYaml } from '../../../src/domain/content/edit-yaml.ts';
import type { OwnedValue } from '../../../src/domain/content/scalar-text.ts';
import type { OwnedKey } from '../../../src/domain/content.ts';

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;

function key(file: string, path: string, value: OwnedValue): OwnedKey {
  return { repository: 'gitops', file, path: path.split('/'), value };
}

function edited(text: string, ...keys: OwnedKey[]): string {
  const result = editYaml(text, keys);
  if (result.kind === 'refused') throw new Error(JSON.stringify(result.faults));
  return result.text;
}

function refusal(text: string, ...keys: OwnedKey[]): string {
  const result = editYaml(text, keys);
  return result.kind === 'refused'
    ? result.faults.map((fault) => `${fault.line}: ${fault.message}`).join('\n')
    : 'edited';
}

const VALUES = `# Owned by the shop team.
replicas:   3     # more on Fridays

image:
    repository: ghcr.io/acme/orders-api   # do not move
    digest: "${digest('a')}"
    tag: '1.7.0'

env: {LOG: debug, RELEASE_ID: none}
`;

describe('editing the YAML of a GitOps file', () => {
  it('changes the value and nothing else, in the quotes that were there', () => {
    const text = edited(
      VALUES,
      key('values.yaml', 'image/digest', digest('b')),
      key('values.yaml', 'image/tag', '1.8.0'),
      key('values.yaml', 'env/RELEASE_ID', 'prod/checkout-2026-11-20.3'),
    );
    expect(text).toBe(
      VALUES.replace(digest('a'), digest('b'))
        .replace('1.7.0', '1.8.0')
        .replace('none', 'prod/checkout-2026-11-20.3'),
    );
  });

  it('tells what was there, in the order asked for, null for what was absent', () => {
    const keys = [
      key('values.yaml', 'image/tag', '1.8.0'),
      key('values.yaml', 'image/pullPolicy', 'Always'),
      key('values.yaml', 'replicas', 4),
    ];
    const result = editYaml(VALUES, keys);
    expect(result.kind === 'edited' && result.before.map((one) => one.value)).toEqual(['1.7.0', null, 3]);
  });

  it('makes a value that is absent at the end of its map, and takes it out again to the byte', () => {
    const text = edited(
      VALUES,
      key('values.yaml', 'image/pullPolicy', 'Always'),
      key('values.yaml', 'canary/weight', 5),
    );
    expect(text).toBe(
      `${VALUES.replace("    tag: '1.7.0'\n", "    tag: '1.7.0'\n    pullPolicy: Always\n")}canary:\n  weight: 5\n`,
    );
    expect(edited(text, key('values.yaml', 'image/pullPolicy', null))).toBe(
      `${VALUES}canary:\n  weight: 5\n`,
    );
  });

  it.each([
    ['a file without a line break at its end', 'a: 1', 'b', 2, 'a: 1\nb: 2\n'],
    ['Windows line ends', 'a: 1\r\nm:\r\n  k: 1\r\n', 'm/b', 2, 'a: 1\r\nm:\r\n  k: 1\r\n  b: 2\r\n'],
    [
      'a key without a value',
      'image:   # set by the bot\nb: 1\n',
      'image/tag',
      'v1',
      'image:   # set by the bot\n  tag: v1\nb: 1\n',
    ],
    ['an empty value', 'tag:\nb: 1\n', 'tag', 'v1', 'tag: v1\nb: 1\n'],
    ['an empty value before a comment', 'tag: # set by the bot\n', 'tag', 'v1', 'tag: v1 # set by the bot\n'],
    ['an empty flow map', 'image: {}\n', 'image/tag', 'v1', 'image: {tag: v1}\n'],
    ['a flow map', 'image: {a: 1} # c\n', 'image/tag', 'v1', 'image: {a: 1, tag: v1} # c\n'],
    ['a written null', 'image: ~\n', 'image/tag', 'v1', 'image: {tag: v1}\n'],
    ['a block of text', 'tag: |\n  v0\nb: 1\n', 'tag', 'v1', 'tag: v1\nb: 1\n'],
    ['an empty file', '', 'image/tag', 'v1', 'image:\n  tag: v1\n'],
    ['a file of comments', '# mine\n', 'tag', 'v1', '# mine\ntag: v1\n'],
    [
      'an alias, which is replaced and not followed',
      'a: &x v0\ntag: *x\n',
      'tag',
      'v1',
      'a: &x v0\ntag: v1\n',
    ],
    ['a byte order mark', '\uFEFFtag: v0\n', 'tag', 'v1', '\uFEFFtag: v1\n'],
    ['text that would be read as a number', 'tag: v0\n', 'tag', '1.10', 'tag: "1.10"\n'],
    ['text that an older reader takes for false', 'tag: v0\n', 'tag', 'no', 'tag: "no"\n'],
    ['a version in plain style', 'tag: 1.7.0\n', 'tag', '1.8.0', 'tag: 1.8.0\n'],
    [
      'a line after a block map that ends with a comment',
      'm:\n  a: 1\n  # last\n\nb: 1\n',
      'm/c',
      2,
      'm:\n  a: 1\n  c: 2\n  # last\n\nb: 1\n',
    ],
  ] as [string, string, string, OwnedValue, string][])('copes with %s', (_, before, path, value, after) => {
    expect(edited(before, key('values.yaml', path, value))).toBe(after);
  });

  it.each([
    ['the only key of a map', 'image:\n  tag: v1\nb: 1\n', 'image/tag', 'image:\n  {}\nb: 1\n'],
    ['a key of a flow map', 'image: {tag: v1, a: 1}\n', 'image/tag', 'image: {a: 1}\n'],
    ['the last key of a flow map', 'image: {a: 1, tag: v1}\n', 'image/tag', 'image: {a: 1}\n'],
    ['the only key of a flow map', 'image: {tag: v1}\n', 'image/tag', 'image: {}\n'],
    [
      'a key with a comment on its line',
      'a: 1\ntag: v1 # old\n# keep\nb: 2\n',
      'tag',
      'a: 1\n# keep\nb: 2\n',
    ],
    ['a key that is not there', 'a: 1\n', 'image/tag', 'a: 1\n'],
  ])('removes %s', (_, before, path, after) => {
    expect(edited(before, key('values.yaml', path, null))).toBe(after);
  });

  it('writes nothing when the result would not read as it should', () => {
    expect(refusal('&k a: 1\n', key('values.yaml', 'b', 2))).toContain('cannot be edited safely');
    expect(refusal('? a\n', key('values.yaml', 'a', 2))).toContain('cannot be edited safely');
  });

  it('refuses what it cannot do, with the place', () => {
    const shared = 'base: &base\n  tag: v1\nimage: *base\n';
    expect(refusal(shared, key('values.yaml', 'image/tag', 'v2'))).toContain(
      '3: image.tag: this is shared by the anchor &base',
    );
    expect(refusal(shared, key('values.yaml', 'base/tag', 'v2'))).toContain('shared by the anchor &base');
    expect(refusal('a: &x v1\nb: *x\n', key('values.yaml', 'a', 'v2'))).toContain(
      '1: a: this is shared by the anchor &x',
    );
    expect(refusal('a:\n  b: 1\n', key('values.yaml', 'a', 'v2'))).toContain(
      'a map or a list where a single value',
    );
    expect(refusal('a: 1\n', key('values.yaml', 'a/b', 'v2'))).toContain('no map with the key b');
    expect(refusal('a: [\n', key('values.yaml', 'a', 'v2'))).toMatch(/^2: /);
    expect(refusal('a: 1\n---\nb: 1\n', key('values.yaml', 'a', 2))).toContain('several documents');
    expect(refusal('tag: 20251120123456789012\n', key('values.yaml', 'tag', 'v2'))).toContain('quote it');
    expect(refusal('a: 1\n', key('values.yaml', 'a', 2), key('values.yaml', 'a', 3))).toContain(
      'two things at once',
    );
    expect(refusal('l:\n- name: x\n  v: 1\n', key('values.yaml', 'l/name=y/v', 2))).toContain(
      'no list item has name=y',
    );
    expect(refusal('l:\n- name: x\n- name: x\n', key('values.yaml', 'l/name=x/v', 2))).toContain('twice');
  });
});

describe('editing a kustomization', () => {
  const file = 'apps/kustomization.yaml';
  const text = `resources:
- ../base
images:
- name: ghcr.io/acme/cart   # the cart
  newTag: 1.0.0
- newTag: 2.0.0
  name: ghcr.io/acme/pay
- name: orders
  newName: ghcr.io/acme/orders-api
  digest: ${digest('a')}
`;
  const image = (name: string, field: string, value: OwnedValue) => ({
    ...key(file, '', value),
    path: ['images', `name=${name}`, field],
  });

  it('pins digests, drops tags and adds images that are not listed, several at a time', () => {
    const keys = ['cart', 'pay', 'orders-api', 'mail', 'search'].flatMap((name) => [
      image(`ghcr.io/acme/${name}`, 'digest', digest('b')),
      image(`ghcr.io/acme/${name}`, 'newTag', null),
    ]);
    const result = edited(text, ...keys);
    expect(result).toBe(`resources:
- ../base
images:
- name: ghcr.io/acme/cart   # the cart
  digest: ${digest('b')}
- name: ghcr.io/acme/pay
  digest: ${digest('b')}
- name: orders
  newName: ghcr.io/acme/orders-api
  digest: ${digest('b')}
- name: ghcr.io/acme/mail
  digest: ${digest('b')}
- name: ghcr.io/acme/search
  digest: ${digest('b')}
`);
  });

  it('starts the list of images where there is none, empty or missing', () => {
    const keys = [image('a/b', 'digest', digest('b')), image('c', 'digest', digest('c'))];
    const list = `images:\n  - name: a/b\n    digest: ${digest('b')}\n  - name: c\n    digest: ${digest('c')}\n`;
    expect(edited('namespace: shop\n', ...keys)).toBe(`namespace: shop\n${list}`);
    expect(edited('images: []\n', image('a/b', 'digest', digest('b')))).toBe(
      `images: [{name: a/b, digest: ${digest('b')}}]\n`,
    );
    expect(edited('images: [] # none\n', ...keys)).toBe(
      `images: [{name: a/b, digest: ${digest('b')}}, {name: c, digest: ${digest('c')}}] # none\n`,
    );
    expect(edited('images:\n', ...keys)).toBe(list);
  });

  it('adds list items to no other file', () => {
    expect(refusal('images: []\n', { ...image('a', 'digest', digest('b')), file: 'values.yaml' })).toContain(
      'no list item has name=a',
    );
  });
});

describe('editing a file of manifests', () => {
  const text = `kind: Service
metadata: {name: orders-api}
---
# the rollout
kind: Rollout
metadata:
  name: orders-api
spec:
  template:
    spec:
      initContainers:
        - name: migrate
          image: ghcr.io/acme/migrate@${digest('a')}
      containers:
        - image: ghcr.io/acme/orders-api@${digest('a')}
          name: app
        - name: proxy
          image: envoy
---
kind: Rollout
metadata: {name: cart}
`;
  const container = (name: string, value: string, rollout = 'orders-api') => ({
    ...key('orders.yaml', '', value),
    path: [`#Rollout/${rollout}`, 'spec', 'template', 'spec', 'containers', `name=${name}`, 'image'],
  });

  it('finds the document by kind and name, and a container among the init containers too', () => {
    const b = `ghcr.io/acme/orders-api@${digest('b')}`;
    const c = `ghcr.io/acme/migrate@${digest('c')}`;
    const result = edited(text, container('app', b), container('migrate', c));
    expect(result).toBe(
      text
        .replace(`ghcr.io/acme/orders-api@${digest('a')}`, b)
        .replace(`ghcr.io/acme/migrate@${digest('a')}`, c),
    );
  });

  it('refuses a workload or a container that is not there', () => {
    expect(refusal(text, container('app', 'x', 'nobody'))).toContain(
      'there is no Rollout/nobody in this file',
    );
    expect(refusal(text, container('ap', 'x'))).toContain('no list item has name=ap');
  });
});
