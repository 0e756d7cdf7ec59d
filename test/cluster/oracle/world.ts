import { readFile } from 'node:fs/promises';
import { pino } from 'pino';
import { createApiClient } from '../../../src/adapters/kubernetes/api-client.ts';
import { openCredentials } from '../../../src/adapters/kubernetes/credentials.ts';
import { type Clusters, openClusters } from '../../../src/adapters/kubernetes/open-clusters.ts';
import type { Placement } from '../../../src/domain/catalog/placement.ts';
import { Client } from '../../conformance/cluster/client.ts';
import { findPrograms } from '../build.ts';
import { type ControlPlane, startControlPlane } from '../control-plane.ts';
import { oracleModule } from '../programs.ts';
import { waitUntil } from '../wait-until.ts';
import { readSnapshot } from './compare.ts';
import { createJudge, type Judge } from './judge.ts';
import { type MessageClass, messageClass } from './message-class.ts';
import { analysisTemplates, NAMESPACE } from './objects.ts';
import { startRecorder } from './recorder.ts';
import { type Oracle, type Snapshot, startOracle } from './rollout-info.ts';
import { startVerdictServer } from './verdict-server.ts';

/** Milliseconds without a change after which a Rollout is taken to be at rest, or stuck. */
const SETTLED_MS = 500;
/** Longest wait for that, in milliseconds. */
const SETTLE_DEADLINE_MS = 60_000;

/** A control plane whose every moment is recorded and judged, and the product's eyes on it. */
export interface OracleWorld extends AsyncDisposable {
  plane: ControlPlane;
  client: Client;
  clusters: Clusters;
  oracle: Oracle;
  judge: Judge;
  place(name: string): Placement;
  /** The newest moment of a Rollout. Throws before the first. */
  newest(name: string): Snapshot;
  settled(name: string): Promise<void>;
  listen(name: string, said: MessageClass): () => boolean;
}

export async function openOracleWorld(): Promise<OracleWorld> {
  await using opened = new AsyncDisposableStack();
  const programs = await findPrograms({ modules: [oracleModule] });
  const oracle = opened.use(startOracle(programs.program('rollout-info')));
  const judge = createJudge(oracle);
  const verdicts = opened.use(await startVerdictServer());
  const plane = opened.use(await startControlPlane({ podReadyMs: 100 }));
  await plane.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
  await plane.apply(...analysisTemplates(verdicts.url));

  const clock = { now: () => Date.now() };
  const access = { kind: 'kubeconfig', path: plane.admin.kubeconfigFile } as const;
  const reader = opened.use(createApiClient('real', openCredentials('real', access, clock)));
  const newest = new Map<string, { snapshot: Snapshot; at: number }>();
  const listeners = new Set<(name: string, said: string) => void>();
  opened.use(
    startRecorder(reader, (name, snapshot) => {
      newest.set(name, { snapshot, at: performance.now() });
      judge.judge(name, snapshot);
      const said = messageClass(readSnapshot(snapshot));
      for (const listener of listeners) listener(name, said);
    }),
  );
  const place = (rollout: string): Placement => ({ cluster: 'real', namespace: NAMESPACE, rollout });
  const clusters = opened.use(
    openClusters({
      clusters: { real: { access } },
      placements: [place('any')],
      clock,
      random: Math.random,
      log: pino({ level: 'silent' }),
    }),
  );
  const client = new Client({
    url: plane.url,
    ca: await readFile(plane.caFile, 'utf8'),
    adminToken: plane.admin.token,
    botToken: plane.bot.token,
    botName: plane.bot.user,
    prometheusUrl: '',
    deadlineMs: 20_000,
    settleMs: SETTLED_MS,
  });
  opened.defer(() => client.close());
  const running = opened.move();
  return {
    ...{ plane, client, clusters, oracle, judge, place },
    newest(name) {
      const found = newest.get(name);
      if (found === undefined) throw new Error(`nothing was seen of ${name} yet`);
      return found.snapshot;
    },
    async settled(name) {
      const isQuiet = (): boolean => {
        const last = newest.get(name);
        return last !== undefined && performance.now() - last.at > SETTLED_MS;
      };
      await waitUntil(isQuiet, { what: `${name} to settle`, deadlineMs: SETTLE_DEADLINE_MS });
    },
    listen(name, wanted) {
      let hasSaid = false;
      const listener = (who: string, said: string): void => {
        if (who !== name || said !== wanted) return;
        hasSaid = true;
        listeners.delete(listener);
      };
      listeners.add(listener);
      return () => hasSaid;
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
