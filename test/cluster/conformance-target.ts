import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { startCluster } from '../../src/sandbox/cluster/start.ts';
import { startPrometheus } from '../../src/sandbox/metrics/start-prometheus.ts';
import type { ConformanceTarget } from '../conformance/cluster/client.ts';
import { openFakePrometheus } from '../conformance/cluster/fake-prometheus.ts';
import { startControlPlane } from './control-plane.ts';
import { openExistingCluster } from './existing-cluster.ts';

/** A cluster that is held against the cases, until it is disposed of. */
export interface OpenTarget extends AsyncDisposable {
  readonly target: ConformanceTarget;
}

/** Longest wait of a case, in milliseconds: four of them share two cores with the control plane. */
const DEADLINE_MS = 25_000;

/** The real controller writes several times for one change, at most so far apart (milliseconds). */
const SETTLE_MS = 300;

/** The simulated cluster. */
export async function openSimulatedTarget(): Promise<OpenTarget> {
  await using opened = new AsyncDisposableStack();
  const cluster = opened.use(
    await startCluster({
      podReadyMs: 50,
      users: [
        { token: 'admin-token', name: 'admin', groups: ['system:masters'] },
        { token: 'bot-token', name: 'signalbox', groups: [] },
      ],
    }),
  );
  const prometheus = opened.use(await openFakePrometheus());
  const target: ConformanceTarget = {
    url: cluster.url,
    adminToken: 'admin-token',
    botToken: 'bot-token',
    botName: 'signalbox',
    prometheusUrl: prometheus.url,
    deadlineMs: DEADLINE_MS,
    settleMs: 30,
  };
  const running = opened.move();
  return { target, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** The cluster of the kubeconfig that the run was given, else a control plane of our own. */
export function openTarget(): Promise<OpenTarget> {
  const kubeconfig = inject('existing');
  return kubeconfig === undefined ? openPlaneTarget() : openExistingTarget(kubeconfig);
}

/** A control plane and a Prometheus of its own. */
export async function openPlaneTarget(): Promise<OpenTarget> {
  await using opened = new AsyncDisposableStack();
  const plane = opened.use(await startControlPlane({ podReadyMs: 50 }));
  const prometheus = opened.use(await realPrometheus(join(plane.directory, 'prometheus')));
  const target: ConformanceTarget = {
    url: plane.url,
    ca: await readFile(plane.caFile, 'utf8'),
    adminToken: plane.admin.token,
    botToken: plane.bot.token,
    botName: plane.bot.user,
    prometheusUrl: prometheus.url,
    deadlineMs: DEADLINE_MS,
    settleMs: SETTLE_MS,
  };
  const running = opened.move();
  return { target, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** A Prometheus without samples. Throws where the machine has none and none can be fetched: the stand-in proves nothing here. */
export async function realPrometheus(dataDir: string): Promise<AsyncDisposable & { url: string }> {
  const prometheus = await startPrometheus({
    scrape: [],
    scrapeIntervalMs: 60_000,
    cacheDirectory: join(homedir(), '.cache', 'signalbox', 'programs'),
    path: process.env['PATH'] ?? '',
    dataDir,
  });
  if (prometheus.how === 'real') return prometheus;
  await prometheus[Symbol.asyncDispose]();
  throw new Error(`this needs a real Prometheus: ${prometheus.why}`);
}

/** A cluster that is there already. Everything that the cases make in it goes with them. */
async function openExistingTarget(kubeconfig: string): Promise<OpenTarget> {
  await using opened = new AsyncDisposableStack();
  const cluster = opened.use(await openExistingCluster(kubeconfig));
  const given = process.env['SIGNALBOX_TEST_PROMETHEUS'];
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-prometheus-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const prometheusUrl = given ?? opened.use(await realPrometheus(folder)).url;
  const { url, ca, admin, bot } = cluster;
  const target: ConformanceTarget = {
    url,
    ...(ca !== undefined && { ca }),
    adminToken: admin.token,
    botToken: bot.token,
    botName: bot.user,
    prometheusUrl,
    deadlineMs: DEADLINE_MS,
    settleMs: SETTLE_MS,
  };
  const running = opened.move();
  return { target, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
