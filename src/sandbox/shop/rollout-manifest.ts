/** What a service's Rollout looks like in an environment. */
export interface RolloutShape {
  name: string;
  namespace: string;
  environment: string;
  replicas: number;
  /** With a tag or a digest, or bare where kustomize writes the digest. */
  image: string;
}

/** Canary steps by environment: none where nobody looks, pauses that gates decide on where customers are. */
export function canarySteps(environment: string): readonly Record<string, unknown>[] {
  switch (environment) {
    case 'dev':
      return [];
    case 'staging':
      return [{ setWeight: 50 }, { pause: {} }];
    default:
      return [{ setWeight: 25 }, { pause: {} }, { setWeight: 50 }, { pause: {} }];
  }
}

/** A Rollout and its Service, as a team would keep them. */
export function rolloutObjects(shape: RolloutShape): Record<string, unknown>[] {
  const { name, namespace, environment, replicas, image } = shape;
  const labels = { app: name, environment };
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace, labels },
      spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] },
    },
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: { name, namespace, labels },
      spec: {
        replicas,
        revisionHistoryLimit: 10,
        selector: { matchLabels: { app: name } },
        strategy: { canary: { maxSurge: '50%', maxUnavailable: 0, steps: canarySteps(environment) } },
        template: {
          metadata: { labels },
          spec: { containers: [{ name, image, ports: [{ containerPort: 8080 }] }] },
        },
      },
    },
  ];
}
