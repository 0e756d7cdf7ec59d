import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Config } from '../../src/config/schema.ts';
import { readSecrets } from '../../src/config/secrets.ts';
import { readConfig } from '../../src/config.ts';
import { rbacAnswer, USUAL_BOT } from '../../src/program/cli/rbac.ts';
import { memoryYaml } from '../simulation/ports/memory-yaml.ts';
import { BASE, Kustomization, objectsOf, only, Port, podOf } from './kustomize-objects.ts';
import { filesBelow, textOf } from './repository.ts';

async function ownConfig(): Promise<Config> {
  const file = new URL(`../../${BASE}/signalbox.yaml`, import.meta.url).pathname;
  const read = await readConfig(file, memoryYaml());
  if (read.kind === 'faulty') throw new Error(JSON.stringify(read.faults));
  return read.config;
}

const base = objectsOf(BASE);
const redis = objectsOf(`${BASE}/components/redis`);

describe('the Kubernetes manifests', () => {
  it('list every file there is, and nothing else', () => {
    const listed = [BASE, `${BASE}/components/redis`].flatMap((folder) => {
      const { resources, configMapGenerator } = Kustomization.parse(
        parse(textOf(`${folder}/kustomization.yaml`)),
      );
      const files = ['kustomization.yaml', ...resources, ...configMapGenerator.flatMap((one) => one.files)];
      return files.map((file) => `${folder}/${file}`);
    });
    expect(listed.sort()).toEqual(filesBelow(BASE).sort());
  });

  it('are all in one namespace, but for rights in others', () => {
    const elsewhere = [...base, ...redis].filter(
      ({ kind, metadata }) => metadata.namespace !== 'signalbox' && !/^(Cluster)?Role(Binding)?$/.test(kind),
    );
    expect(elsewhere).toEqual([]);
  });

  it.each([
    ['signalbox', base, 'Deployment'],
    ['signalbox-redis', redis, 'StatefulSet'],
  ])('of %s select the pods that there are, by ports that they have', (name, objects, kind) => {
    const workload = only(objects, kind);
    const { template, container } = podOf(workload);
    const label = { 'app.kubernetes.io/name': name };
    expect(template.metadata.labels).toEqual(label);
    expect(workload.spec).toMatchObject({ selector: { matchLabels: label } });
    const service = only(objects, 'Service');
    expect(service).toMatchObject({ metadata: { name }, spec: { selector: label } });
    const policy = only(objects, 'NetworkPolicy');
    expect(policy).toMatchObject({ spec: { podSelector: { matchLabels: label } } });
    const ports = container.ports.map((port) => port.name);
    expect(
      z
        .array(Port)
        .parse(service.spec?.['ports'])
        .map((port) => port.targetPort),
    ).toEqual(ports);
    const Ingress = z.array(z.object({ ports: z.array(Port) }));
    const letIn = Ingress.parse(policy.spec?.['ingress']).flatMap((rule) =>
      rule.ports.map(({ port }) => port),
    );
    expect(letIn).toEqual(ports);
    for (const { metadata } of objects.filter(
      (object) => object.metadata.namespace === 'signalbox' && !/Role/.test(object.kind),
    ))
      expect(metadata.labels).toEqual(label);
  });

  it.each([
    ['Deployment', base],
    ['StatefulSet', redis],
  ])('give the %s no more rights on its machine than it needs', (kind, objects) => {
    const { template, container } = podOf(only(objects, kind));
    expect(template.spec.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  it('mount what the configuration says, and end later than the program needs to', async () => {
    const config = await ownConfig();
    const { template, container } = podOf(only(base, 'Deployment'));
    const mounts = new Map(container.volumeMounts.map((mount) => [mount.mountPath, mount.name]));
    const [, file = ''] = container.args;
    const [{ name, files } = { name: '', files: [] }] = Kustomization.parse(
      parse(textOf(`${BASE}/kustomization.yaml`)),
    ).configMapGenerator;
    expect(container.args).toEqual(['--config', '/etc/signalbox/signalbox.yaml']);
    expect(files).toEqual([file.slice(file.lastIndexOf('/') + 1)]);
    const volume = (path: string) => template.spec.volumes.find((one) => one.name === mounts.get(path));
    expect(volume('/etc/signalbox')?.configMap?.name).toBe(name);
    expect(volume(config.dataDir)).toHaveProperty('emptyDir');
    expect(volume('/tmp')).toHaveProperty('emptyDir');
    expect(container.ports.map(({ containerPort }) => containerPort)).toEqual([
      config.slack.port,
      config.listen.port,
    ]);
    expect(template.spec.terminationGracePeriodSeconds).toBeGreaterThan(5);
    expect(template.spec.serviceAccountName).toBe(only(base, 'ServiceAccount').metadata.name);
  });

  it('take from the secret, by name, what the configuration needs, and nothing that it does not know', async () => {
    const config = await ownConfig();
    const { container } = podOf(only(base, 'Deployment'));
    const given = container.env.map(({ name, valueFrom: { secretKeyRef } }) => ({
      ...secretKeyRef,
      variable: name,
    }));
    for (const { name, key, variable } of given)
      expect({ name, key }).toEqual({ name: 'signalbox', key: variable });
    expect(new Set(given.map(({ key }) => key)).size).toBe(given.length);
    const env = Object.fromEntries(given.map(({ key }) => [key, SAMPLES[key] ?? 'x']));
    expect(readSecrets(env, config)).toMatchObject({ kind: 'read' });
    for (const { key, optional } of given) {
      const { [key]: _, ...others } = env;
      const isNeeded = readSecrets(others, config).kind === 'faulty' || key === 'REDIS_URL';
      // The signing secret and the token for sockets stand for each other.
      expect({ key, optional: optional ?? false }).toEqual({
        key,
        optional: !isNeeded || key === 'SLACK_SIGNING_SECRET',
      });
    }
  });

  it('start a Redis that loses nothing and lets in only the program', () => {
    const { container } = podOf(only(redis, 'StatefulSet'));
    const value = (option: string) => container.args[container.args.indexOf(option) + 1];
    expect(['--appendonly', '--appendfsync', '--maxmemory-policy'].map(value)).toEqual([
      'yes',
      'always',
      'noeviction',
    ]);
    expect(value('--requirepass')).toBe('$(REDISCLI_AUTH)');
    expect(container.env).toMatchObject([{ name: 'REDISCLI_AUTH' }]);
    const label = { 'app.kubernetes.io/name': 'signalbox' };
    expect(only(redis, 'NetworkPolicy').spec).toMatchObject({
      ingress: [{ from: [{ podSelector: { matchLabels: label } }] }],
    });
  });

  it('hold the rights that are printed for their configuration, which needs no secret', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'signalbox-rbac-'));
    const catalog = join(directory, 'catalog.yaml');
    await writeFile(catalog, CATALOG);
    const asked = { bot: USUAL_BOT, catalog, workloadRefs: false };
    const asking = () => Promise.reject(new Error('nothing is to be asked'));
    const answer = await rbacAnswer(asked, { config: await ownConfig(), yaml: memoryYaml(), asking });
    await rm(directory, { recursive: true });
    expect(`${answer.text}\n`).toBe(textOf(`${BASE}/rbac.yaml`));
    expect(answer.json).toMatchObject({ kind: 'List' });
  });
});

/** What secrets look like, where a form is asked for. */
const SAMPLES: Record<string, string> = {
  SLACK_BOT_TOKEN: 'xoxb-1',
  SLACK_APP_TOKEN: 'xapp-1',
  SIGNALBOX_LEDGER_KEY: '-----BEGIN PRIVATE KEY-----',
  REDIS_URL: 'redis://127.0.0.1',
};

/** One service in the namespaces of the sample, looked after by Argo CD. */
const CATALOG = `apiVersion: signalbox/v1
kind: Catalog
services:
  orders-api:
    owner: release-managers
    image: ghcr.io/acme/orders-api
    placements:
      "*":
        - cluster: main
          namespace: "{environment}"
          rollout: "{service}"
          argocd: { application: "{service}-{environment}" }
`;
