import { describe, expect, it } from 'vitest';
import { render } from '../../../../src/sandbox/cluster/gitops/render.ts';

const ROLLOUT = `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: web }
spec:
  template:
    spec:
      initContainers: [{ name: init, image: 'registry.test:5000/team/web:1.2' }]
      containers: [{ name: web, image: 'registry.test:5000/team/web:1.2' }, { name: proxy, image: proxy }]
`;

function rendered(files: Record<string, string>, path = 'prod') {
  const target = { name: 'app', namespace: 'shop' };
  return render(new Map(Object.entries(files)), { repoURL: '', path }, target);
}

function images(files: Record<string, string>): string[] {
  const text = JSON.stringify(rendered(files));
  return [...text.matchAll(/"image":"([^"]+)"/g)].map(([, image = '']) => image);
}

describe('rendering', () => {
  it.each([
    ["digest: 'sha256:ab'", 'registry.test:5000/team/web@sha256:ab'],
    ["newTag: '2.0'", 'registry.test:5000/team/web:2.0'],
    ['newName: other.test/web', 'other.test/web:1.2'],
    ["newName: other.test/web, newTag: '3', digest: 'sha256:cd'", 'other.test/web:3@sha256:cd'],
  ])('changes images everywhere by { %s }', (change, image) => {
    const kustomization = `resources: [web.yaml]\nimages: [{ name: 'registry.test:5000/team/web', ${change} }]`;
    expect(images({ 'prod/kustomization.yaml': kustomization, 'prod/web.yaml': ROLLOUT })).toEqual([
      image,
      image,
      'proxy',
    ]);
  });

  it('puts objects into the Application’s namespace unless they name one', () => {
    const named = ROLLOUT.replace('name: web }', 'name: web, namespace: own }');
    const made = rendered({ 'prod/a.yaml': ROLLOUT, 'prod/b.yaml': named, 'other/c.yaml': ROLLOUT });
    expect(made).toMatchObject({
      kind: 'objects',
      sourceType: 'Directory',
      objects: [{ metadata: { namespace: 'shop' } }, { metadata: { namespace: 'own' } }],
    });
  });

  it.each([
    ['app path does not exist', {}],
    ['prod/a.yaml: kind:', { 'prod/a.yaml': 'apiVersion: v1\nmetadata: { name: x }' }],
    ['prod/a.yaml:', { 'prod/a.yaml': 'a: [1' }],
    ['not supported in the sandbox', { 'prod/kustomization.yaml': 'namePrefix: x' }],
    ['prod/missing.yaml: no kustomization.yaml', { 'prod/kustomization.yaml': 'resources: [missing.yaml]' }],
    ['nested too deep', { 'prod/kustomization.yaml': 'resources: [../prod]' }],
    ['values: image', { 'prod/values.yaml': 'replicas: 1' }],
  ])('says %s', (message, files) => {
    expect(rendered(files as Record<string, string>)).toMatchObject({
      kind: 'failure',
      message: expect.stringContaining(message),
    });
  });
});
