import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SimulatedCluster } from '../../../src/sandbox/cluster/cluster.ts';
import { startCluster } from '../../../src/sandbox/cluster/start.ts';
import type { ConformanceTarget } from '../../conformance/cluster/client.ts';
import { openFakePrometheus } from '../../conformance/cluster/fake-prometheus.ts';
import { Stage } from '../../conformance/cluster/stage.ts';
import { clusterCases } from '../../conformance/cluster-cases.ts';

/** So that no case is lost without anybody noticing. */
const CASES = 75;

let cluster: SimulatedCluster;
let prometheus: Awaited<ReturnType<typeof openFakePrometheus>>;
let target: ConformanceTarget;

beforeAll(async () => {
  prometheus = await openFakePrometheus();
  cluster = await startCluster({
    podReadyMs: 50,
    users: [
      { token: 'admin-token', name: 'admin', groups: ['system:masters'] },
      { token: 'bot-token', name: 'signalbox', groups: [] },
    ],
  });
  target = {
    url: cluster.url,
    adminToken: 'admin-token',
    botToken: 'bot-token',
    botName: 'signalbox',
    prometheusUrl: prometheus.url,
    deadlineMs: 8000,
    settleMs: 30,
  };
});

afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
  await prometheus?.[Symbol.asyncDispose]();
});

describe('the simulated cluster does what the real one does', () => {
  it('is held against every case', () => {
    expect(clusterCases.length).toBe(CASES);
    expect(new Set(clusterCases.map(({ name }) => name)).size).toBe(CASES);
  });

  for (const { name, run } of clusterCases) {
    it.concurrent(name, async () => {
      await using stage = await Stage.open(target, 'sim');
      await run(stage);
    });
  }
});
