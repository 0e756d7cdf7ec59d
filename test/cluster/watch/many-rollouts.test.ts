import { expect, it } from 'vitest';
import { until } from '../../adapters/kubernetes/until.ts';
import { furnish, NAMESPACE, openWatchedWorld, rolloutNamed } from '../../contracts/watched-world.ts';
import { startTroubledPlane, type TroubledPlane } from './troubled-plane.ts';

const MANY = 2_000;
/** Requests at a time: as fast as one API server takes them. */
const AT_A_TIME = 20;
const ROLLOUTS = `/apis/argoproj.io/v1alpha1/namespaces/${NAMESPACE}/rollouts`;

/** How long a listener holds everything up for each Rollout, in milliseconds: much longer than the API server waits for anybody. */
const SLOW_MS = 5;
/** Until all of them have been heard of, in milliseconds. */
const HEARD_MS = 90_000;

it('sees two thousand Rollouts that come, change and go at once, also when somebody listens slowly', {
  timeout: 240_000,
}, async () => {
  await using server = await startTroubledPlane();
  await furnish(server);
  // What it would do with them takes minutes, and is not what is looked at.
  await server.plane.process('rollouts-controller').stop();
  await using world = await openWatchedWorld(server);
  await world.recover();
  const names = Array.from({ length: MANY }, (_, index) => `many-${index}`);

  await forAll(names, (name) => ask(server, { method: 'POST', path: ROLLOUTS, body: rolloutNamed(name) }));
  await world.recover();
  expect(world.observe('many-0')).toMatchObject({ kind: 'seen', rollout: { desiredReplicas: 1 } });

  const body = { spec: { replicas: 3 } };
  await forAll(names, (name) => ask(server, { method: 'PATCH', path: `${ROLLOUTS}/${name}`, body }));
  await world.recover();
  expect(world.observe('many-0')).toMatchObject({ kind: 'seen', rollout: { desiredReplicas: 3 } });

  const heard = new Set<string>();
  const stop = world.clusters.onChange((placement) => {
    heard.add(placement);
    keepBusy(SLOW_MS);
  });
  world.clusters.watch(names.map((rollout) => ({ cluster: 'east', namespace: NAMESPACE, rollout })));
  await ask(server, { method: 'DELETE', path: ROLLOUTS });
  await until('the slow listener has heard of all', () => heard.size === MANY, HEARD_MS);
  stop();
  await world.recover();
  expect(world.observe('many-0')).toEqual({ kind: 'missing' });
  // None of it needed a second list.
  expect(world.ends.filter((line) => line.includes('"listed"'))).toHaveLength(4);
});

async function ask(
  server: TroubledPlane,
  { method, path, body }: { method: string; path: string; body?: object },
): Promise<void> {
  const { code } = await server.ask(method, path, { body });
  if (code >= 300) throw new Error(`${method} ${path} was answered with ${code}`);
}

function keepBusy(ms: number): void {
  const from = performance.now();
  while (performance.now() - from < ms);
}

async function forAll(names: readonly string[], act: (name: string) => Promise<void>): Promise<void> {
  const left = [...names];
  const worker = async (): Promise<void> => {
    for (let name = left.pop(); name !== undefined; name = left.pop()) await act(name);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
}
