import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { type GitLocation, Placement } from '../../../src/domain/catalog/placement.ts';
import { editYaml } from '../../../src/domain/content/edit-yaml.ts';
import { parseKeyPath } from '../../../src/domain/content/key-path.ts';
import { ownedKeys } from '../../../src/domain/content/owned-keys.ts';
import { readContent } from '../../../src/domain/content/read-content.ts';
import { Content } from '../../../src/domain/content.ts';
import { TerminalError } from '../../../src/errors.ts';

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;

function placement(git: Partial<GitLocation> & Pick<GitLocation, 'format' | 'file'>): Placement {
  return Placement.parse({
    cluster: 'eu',
    namespace: 'shop',
    rollout: 'orders-api',
    git: { repository: 'gitops', ...git },
  });
}

function content(
  images: Record<string, [repository: string, letter: string, version?: string]>,
  chartVersion?: string,
) {
  return Content.parse({
    images: Object.fromEntries(
      Object.entries(images).map(([container, [repository, letter, version]]) => [
        container,
        { repository, digest: digest(letter), ...(version && { version }) },
      ]),
    ),
    ...(chartVersion && { chartVersion }),
  });
}

const spoken = (keys: { path: string[]; value: unknown }[]) =>
  keys.map(({ path, value }) => `${path.join('/')} = ${value}`);

const ORDERS = content({ app: ['ghcr.io/acme/orders-api', 'b', '1.8.0'] }, '1.42.0');

describe('the keys that a release owns', () => {
  it('pins the digest of each image of a kustomization and drops its tag', () => {
    const two = content({ app: ['ghcr.io/acme/orders-api', 'b'], proxy: ['envoy', 'c'] });
    expect(
      spoken(ownedKeys(placement({ format: 'kustomize', file: 'prod/kustomization.yaml' }), two)),
    ).toEqual([
      `images/name=ghcr.io/acme/orders-api/digest = ${digest('b')}`,
      'images/name=ghcr.io/acme/orders-api/newTag = null',
      `images/name=envoy/digest = ${digest('c')}`,
      'images/name=envoy/newTag = null',
    ]);
  });

  it('sets of a Helm values file what the catalog names', () => {
    const keys = {
      repository: 'app.image.repository',
      digest: 'app.image.digest',
      tag: 'app.image.tag',
      chartVersion: 'chart',
      releaseId: 'app.env[name=RELEASE_ID].value',
    };
    const helm = placement({ format: 'helm', file: 'values.yaml', keys });
    expect(spoken(ownedKeys(helm, ORDERS, { releaseId: 'prod/shop-2026-11-20.3' }))).toEqual([
      'app/image/repository = ghcr.io/acme/orders-api',
      `app/image/digest = ${digest('b')}`,
      'app/image/tag = 1.8.0',
      'chart = 1.42.0',
      'app/env/name=RELEASE_ID/value = prod/shop-2026-11-20.3',
    ]);
    const digestOnly = ownedKeys(placement({ format: 'helm', file: 'values.yaml' }), ORDERS, {
      releaseId: 'prod/shop-2026-11-20.3',
    });
    expect(spoken(digestOnly)).toEqual([`image/digest = ${digest('b')}`]);
  });

  it('refuses a Helm values file for a service of two images', () => {
    const two = content({ app: ['a', 'b'], proxy: ['envoy', 'c'] });
    expect(() => ownedKeys(placement({ format: 'helm', file: 'values.yaml' }), two)).toThrow(TerminalError);
  });

  it('names the Rollout and the container in a file of manifests', () => {
    const manifest = placement({
      format: 'manifest',
      file: 'orders.yaml',
      keys: { digest: 'unused', releaseId: 'spec.template.metadata.annotations.release' },
    });
    expect(spoken(ownedKeys(manifest, ORDERS, { releaseId: 'prod/shop-2026-11-20.3' }))).toEqual([
      `#Rollout/orders-api/spec/template/spec/containers/name=app/image = ghcr.io/acme/orders-api@${digest('b')}`,
      '#Rollout/orders-api/spec/template/metadata/annotations/release = prod/shop-2026-11-20.3',
    ]);
  });

  it('are none where Git does not own the Rollout', () => {
    const { git: _, ...bare } = placement({ format: 'helm', file: 'values.yaml' });
    expect(ownedKeys(bare, ORDERS)).toEqual([]);
  });
});

describe('what Git says runs', () => {
  it('reads each image of a kustomization under the name it ends up with', () => {
    const text = `images:
- {name: orders, newName: ghcr.io/acme/orders-api, digest: "${digest('a')}"}
- {name: ghcr.io/acme/cart, newTag: 12}
- {name: base, digest: sha256:short}
`;
    expect(
      readContent(placement({ format: 'kustomize', file: 'kustomization.yaml' }), [parse(text)]),
    ).toEqual({
      kind: 'read',
      images: [
        { repository: 'ghcr.io/acme/orders-api', digest: digest('a') },
        { repository: 'ghcr.io/acme/cart', tag: '12' },
        { repository: 'base' },
      ],
    });
  });

  it('reads containers and init containers of the named Rollout, with whatever form the reference has', () => {
    const rollout = {
      kind: 'Rollout',
      metadata: { name: 'orders-api' },
      spec: {
        template: {
          spec: {
            containers: [
              { name: 'app', image: `registry:5000/orders:1.8@${digest('a')}` },
              { name: 'proxy', image: 'registry:5000/envoy' },
            ],
            initContainers: [{ name: 'migrate', image: 'migrate:2' }],
          },
        },
      },
    };
    expect(
      readContent(placement({ format: 'manifest', file: 'x.yaml' }), [{ kind: 'Service' }, rollout]),
    ).toEqual({
      kind: 'read',
      images: [
        { container: 'app', repository: 'registry:5000/orders', tag: '1.8', digest: digest('a') },
        { container: 'proxy', repository: 'registry:5000/envoy' },
        { container: 'migrate', repository: 'migrate', tag: '2' },
      ],
    });
  });

  it('says which placement a file is silent about', () => {
    for (const format of ['kustomize', 'helm', 'manifest'] as const) {
      expect(readContent(placement({ format, file: 'x.yaml' }), [{ image: { tag: { a: 1 } } }])).toEqual({
        kind: 'silent',
        reason: 'eu/shop/orders-api: x.yaml names no image for it',
      });
    }
  });

  it('reads back what the owned keys wrote, in every format', () => {
    const formats: [GitLocation['format'], string, string][] = [
      ['kustomize', 'kustomization.yaml', 'resources: [base]\n'],
      ['helm', 'values.yaml', 'image:\n  repository: ghcr.io/acme/orders-api\n'],
      [
        'manifest',
        'orders.yaml',
        'kind: Rollout\nmetadata: {name: orders-api}\nspec: {template: {spec: {containers: [{name: app, image: old}]}}}\n',
      ],
    ];
    for (const [format, file, text] of formats) {
      const place = placement({
        format,
        file,
        keys: { repository: 'image.repository', digest: 'image.digest' },
      });
      const edited = editYaml(text, ownedKeys(place, ORDERS));
      if (edited.kind === 'refused') throw new Error(JSON.stringify(edited.faults));
      const documents = parseAllDocuments(edited.text).map((document) => document.toJS());
      const read = readContent(place, documents);
      expect(read).toMatchObject({
        kind: 'read',
        images: [{ repository: 'ghcr.io/acme/orders-api', digest: digest('b') }],
      });
    }
  });
});

describe('a dotted path', () => {
  it.each([
    ['image.digest', ['image', 'digest']],
    ['env[name=RELEASE_ID].value', ['env', 'name=RELEASE_ID', 'value']],
    ['podAnnotations.example\\.com/release', ['podAnnotations', 'example.com/release']],
    ['images[name=ghcr.io/acme/app].tag', ['images', 'name=ghcr.io/acme/app', 'tag']],
  ])('takes %s apart', (text, steps) => {
    expect(parseKeyPath(text)).toEqual(steps);
  });
});
