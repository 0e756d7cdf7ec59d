import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Writes files below a folder. */
export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

const chart = (kind: string) => `apiVersion: argoproj.io/v1alpha1
kind: ${kind}
metadata: { name: {{ .Values.fullnameOverride }} }
`;

const application = (name: string, more: string) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: ${name}, namespace: argo }
spec:
${more}`;

/** A company's that was laid out by somebody else: one chart for many, regions as values files, kustomize overlays, a monolith. */
export const FOREIGN: Readonly<Record<string, string>> = {
  '.github/CODEOWNERS': `# who
*                 @acme/platform
/deploy/orders/   @acme/checkout-team @ana
/deploy/billing/  billing@acme.example
`,
  'charts/web-service/Chart.yaml': 'apiVersion: v2\nname: web-service\nversion: 1.0.0\n',
  'charts/web-service/values.yaml': 'image:\n  repository: ghcr.io/acme/example\n  tag: latest\n',
  'charts/web-service/templates/rollout.yaml': chart('Rollout'),
  'charts/cron/Chart.yaml': 'apiVersion: v2\nname: cron\nversion: 1.0.0\n',
  'charts/cron/templates/cron.yaml': chart('CronJob'),
  'charts/cron/values-prod.yaml': 'image: { repository: ghcr.io/acme/cron, tag: "1" }\n',
  'deploy/orders/values.yaml': `# common to all
fullnameOverride: orders
image:
  registry: ghcr.io
  repository: acme/orders
  tag: 1.4.0
`,
  'deploy/orders/values-staging.yaml': 'image:\n  tag: 1.5.0\nreplicas: 1\n',
  'deploy/orders/values-production-eu.yaml': `image:\n  tag: 1.4.0\n  digest: sha256:${'a'.repeat(64)}\n`,
  'deploy/orders/values-production-us.yaml': 'replicas: 12\n',
  'argocd/orders.yaml': [
    application(
      'orders-production-eu',
      `  source: { path: charts/web-service, helm: { valueFiles: [../../deploy/orders/values.yaml, ../../deploy/orders/values-production-eu.yaml] } }
  destination: { name: eu-1, namespace: shop }
`,
    ),
    application(
      'orders-production-us',
      `  sources:
    - { path: charts/web-service, helm: { valueFiles: [$values/deploy/orders/values-production-us.yaml] } }
    - { ref: values }
  destination: { server: "https://us-1.k8s.acme.example:6443", namespace: shop }
`,
    ),
  ].join('---\n'),
  'argocd/sets.yaml':
    'apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: { name: everything }\nspec: {}\n',
  'deploy/billing/base/kustomization.yaml': `resources: [rollout.yaml, deployment.yaml]
images:
  - { name: billing-placeholder, newName: ghcr.io/acme/billing }
`,
  'deploy/billing/base/rollout.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: billing }
spec: { workloadRef: { apiVersion: apps/v1, kind: Deployment, name: billing } }
`,
  'deploy/billing/base/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: billing }
spec:
  template:
    spec:
      containers:
        - { name: api, image: billing-placeholder }
        - { name: proxy, image: "ghcr.io/acme/proxy:2" }
`,
  'deploy/billing/overlays/staging/kustomization.yaml':
    'resources: [../../base]\nnamespace: billing-staging\nnameSuffix: -staging\n',
  'deploy/billing/overlays/production/kustomization.yaml': `resources: [../../base, "https://ana:hunter2@git.acme.example/shared//metrics?ref=v1"]
namespace: billing
images:
  - { name: ghcr.io/acme/billing, digest: "sha256:${'b'.repeat(64)}" }
`,
  'legacy/monolith.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: Monolith_1, namespace: legacy }
spec: { template: { spec: { containers: [{ name: app, image: "ghcr.io/acme/monolith:7" }] } } }
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: cache, namespace: legacy }
spec: { template: { spec: { containers: [{ name: cache, image: redis }] } } }
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: backoffice }
spec: { template: { spec: { containers: [{ name: app, image: "ghcr.io/acme/backoffice:7" }] } } }
`,
  'legacy/broken.yaml': 'a: [1\n',
};
