import { readFile } from 'node:fs/promises';
import { Pool } from 'undici';
import type { ControlPlane } from '../../cluster/control-plane.ts';

/** Connections and requests at a time: more of them only wait at the API server. */
const LANES = 16;

/** Many Rollouts in one namespace that nobody looks after. */
export interface Crowd extends AsyncDisposable {
  /** Makes Rollouts until there are so many. */
  growTo(count: number): Promise<void>;
  /** Writes into the status of a Rollout, as its controller would. */
  writeStatus(name: string, at: { namespace: string; status: object }): Promise<void>;
}

/** The controller of Rollouts must be stopped: it would make ReplicaSets of them all. */
export async function startCrowd(plane: ControlPlane, namespace: string): Promise<Crowd> {
  const pool = new Pool(plane.url, {
    connections: LANES,
    connect: { ca: await readFile(plane.caFile, 'utf8') },
  });
  const send = async (method: 'POST' | 'PATCH', path: string, body: object) => {
    const answer = await pool.request({
      method,
      path,
      headers: {
        authorization: `Bearer ${plane.admin.token}`,
        'content-type': method === 'POST' ? 'application/json' : 'application/merge-patch+json',
      },
      body: JSON.stringify(body),
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
  };
  const collection = (where: string) => `/apis/argoproj.io/v1alpha1/namespaces/${where}/rollouts`;
  const writeStatus: Crowd['writeStatus'] = (name, { namespace: where, status }) =>
    send('PATCH', `${collection(where)}/${name}/status`, { status });
  let made = 0;
  const lane = async (count: number) => {
    while (made < count) {
      made += 1;
      const name = `crowd-${String(made).padStart(5, '0')}`;
      await send('POST', collection(namespace), rolloutOf(name));
      await writeStatus(name, { namespace, status: statusOf(made) });
    }
  };
  return {
    async growTo(count) {
      await Promise.all(Array.from({ length: LANES }, () => lane(count)));
    },
    writeStatus,
    [Symbol.asyncDispose]: () => pool.close(),
  };
}

/** As large as a service's Rollout usually is. */
function rolloutOf(name: string): object {
  const labels = { app: name, team: 'crowd', 'app.kubernetes.io/part-of': 'shop' };
  const env = Array.from({ length: 12 }, (_, i) => ({
    name: `SETTING_${i}`,
    value: `value-${i}-of-${name}`,
  }));
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name, labels },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: name } },
      strategy: { canary: { steps: [{ setWeight: 25 }, { pause: {} }, { setWeight: 50 }, { pause: {} }] } },
      template: {
        metadata: { labels },
        spec: {
          containers: [{ name: 'app', image: `registry.test/${name}@sha256:${'a'.repeat(64)}`, env }],
        },
      },
    },
  };
}

function statusOf(index: number): object {
  const podHash = (index + 0x10000000).toString(16);
  const at = new Date().toISOString();
  const condition = (type: string, message: string) => ({
    type,
    status: 'True',
    reason: type,
    message,
    lastTransitionTime: at,
    lastUpdateTime: at,
  });
  return {
    phase: 'Healthy',
    observedGeneration: '1',
    currentPodHash: podHash,
    stableRS: podHash,
    currentStepIndex: 4,
    replicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
    updatedReplicas: 3,
    selector: 'app=crowd',
    conditions: [
      condition('Available', 'Rollout has minimum availability'),
      condition('Healthy', 'Rollout is healthy'),
      condition('Completed', 'Rollout completed update to revision 1'),
    ],
  };
}
