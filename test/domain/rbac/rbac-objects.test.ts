import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { RbacObject } from '../../../src/domain/rbac/rbac-object.ts';
import { type RbacNeeds, rbacObjects, rbacYaml } from '../../../src/domain/rbac/rbac-objects.ts';
import { SAMPLE_NEEDS } from './sample-needs.ts';

const needs = (over: Partial<RbacNeeds> = {}): RbacNeeds => ({ ...SAMPLE_NEEDS, ...over });
const roles = (objects: RbacObject[]) =>
  objects.flatMap((each) => (each.kind === 'ClusterRole' ? [each] : []));
const bindings = (objects: RbacObject[]) =>
  objects.flatMap((each) => (each.kind === 'ClusterRole' ? [] : [each]));
const rulesOf = (objects: RbacObject[], name: string) =>
  roles(objects).find(({ metadata }) => metadata.name === name)?.rules ?? [];
/** Who has a role where: `<namespace or *>: <names>`. */
const holders = (objects: RbacObject[], role: string) =>
  bindings(objects)
    .filter(({ roleRef }) => roleRef.name === role)
    .map(({ metadata, subjects }) => {
      const namespace = 'namespace' in metadata ? metadata.namespace : '*';
      return `${namespace}: ${subjects.map(({ name }) => name).join(' ')}`;
    });

describe('the rights in a cluster', () => {
  it('let the bot itself write nothing, and act for named users and two groups only', () => {
    const objects = rbacObjects(needs());
    const bots = bindings(objects).filter(({ subjects }) =>
      subjects.some(({ kind }) => kind === 'ServiceAccount'),
    );
    const verbs = bots.flatMap(({ roleRef }) => rulesOf(objects, roleRef.name).flatMap((rule) => rule.verbs));
    expect([...new Set(verbs)].sort()).toEqual(['create', 'get', 'impersonate', 'list', 'watch']);
    const impersonated = rulesOf(objects, 'signalbox-impersonator').filter(
      ({ verbs: [verb] }) => verb === 'impersonate',
    );
    expect(impersonated.map(({ resources, resourceNames }) => [resources, resourceNames])).toEqual([
      [
        ['users'],
        [
          'signalbox:recovery',
          'signalbox:policy:dev',
          'signalbox:policy:prod',
          'signalbox:policy:staging',
          'slack:T0ACME00001:U0ANA00001',
          'slack:T0ACME00001:U0BEN00001',
        ],
      ],
      [['groups'], ['signalbox:operators', 'signalbox:policies']],
    ]);
  });

  it('never leave a list of names empty, which would mean everybody', () => {
    const objects = rbacObjects(needs({ people: [], environments: [] }));
    for (const { resourceNames, verbs } of rulesOf(objects, 'signalbox-impersonator')) {
      if (verbs.includes('impersonate')) expect(resourceNames?.length).toBeGreaterThan(0);
    }
  });

  it('let a policy act only where its environment is, people and recovery wherever something is placed', () => {
    expect(holders(rbacObjects(needs()), 'signalbox-operator')).toEqual([
      'dev: signalbox:operators signalbox:policy:dev signalbox:recovery',
      'prod: signalbox:operators signalbox:policy:prod signalbox:recovery',
      'staging: signalbox:operators signalbox:policy:staging signalbox:recovery',
    ]);
  });

  it('hold nobody’s name and no way to write where everything is only observed', () => {
    const environments = SAMPLE_NEEDS.environments.map((one) => ({ ...one, observeOnly: true as const }));
    const objects = rbacObjects(needs({ environments, people: [] }));
    const verbs = roles(objects).flatMap(({ rules }) => rules.flatMap((rule) => rule.verbs));
    expect([...new Set(verbs)].sort()).toEqual(['create', 'get', 'list', 'watch']);
    expect(JSON.stringify(objects)).not.toContain('signalbox:');
    expect(holders(objects, 'signalbox-reader')).toHaveLength(3);
  });

  it('leave out the policy of an environment that is only observed, and everybody’s rights there', () => {
    const [dev, ...others] = SAMPLE_NEEDS.environments;
    const objects = rbacObjects(
      needs({ environments: dev ? [{ ...dev, observeOnly: true }, ...others] : [] }),
    );
    expect(holders(objects, 'signalbox-operator').map((line) => line.split(':')[0])).toEqual([
      'prod',
      'staging',
    ]);
    expect(JSON.stringify(objects)).not.toContain('signalbox:policy:dev');
    expect(holders(objects, 'signalbox-reader')).toHaveLength(3);
  });

  it('are only those of the cluster that is asked for', () => {
    const [dev, ...others] = SAMPLE_NEEDS.environments;
    const elsewhere = (dev?.placements ?? []).map((placement) => ({ ...placement, cluster: 'other' }));
    const objects = rbacObjects(needs({ environments: [{ name: 'dev', placements: elsewhere }, ...others] }));
    expect(holders(objects, 'signalbox-reader')).toEqual(['prod: signalbox', 'staging: signalbox']);
  });

  it('let the bot see everything where it watches the whole cluster', () => {
    expect(holders(rbacObjects(needs({ scope: 'cluster' })), 'signalbox-reader')).toEqual(['*: signalbox']);
  });

  it('reach Deployments only where Rollouts refer to them', () => {
    const patched = (over: Partial<RbacNeeds>) =>
      rulesOf(rbacObjects(needs(over)), 'signalbox-operator').flatMap(({ resources }) => resources);
    expect(patched({})).toEqual(['rollouts', 'rollouts/status']);
    expect(patched({ deployments: true })).toEqual(['rollouts', 'rollouts/status', 'deployments']);
  });

  it('reach Argo CD in its namespace, to see and to refresh, and not at all where there is none', () => {
    expect(holders(rbacObjects(needs()), 'signalbox-argocd-refresher')).toEqual([
      'argocd: signalbox:operators signalbox:policies',
    ]);
    const bare = SAMPLE_NEEDS.environments.map(({ name, placements }) => ({
      name,
      placements: placements.map(({ argocd: _, ...placement }) => placement),
    }));
    expect(rbacYaml(needs({ environments: bare }))).not.toContain('applications');
  });

  it('are printed as YAML that reads back as the same objects', () => {
    const read = parseAllDocuments(rbacYaml(needs())).map((document) => document.toJS());
    expect(read).toEqual(rbacObjects(needs()));
  });

  it('are the ones in the sample manifest', () => {
    const file = new URL('../../../manifests/kubernetes/rbac.yaml', import.meta.url);
    expect(readFileSync(file, 'utf8')).toBe(rbacYaml(needs()));
  });
});
