import type { ShopService } from '../shop/shop.ts';
import type { AnyWorld } from '../world.ts';
import { check, digestInGit, servingDigests } from './expect.ts';
import type { Narrator } from './narrator.ts';
import { channelNamed, sceneOf } from './scene.ts';

/**
 * The whole story: a refusal and its fix, a refused self-approval, approvals, canary steps with gates, a bad version caught and
 * aborted, a rollback, an incident, a stale button, and a good release. Throws when anything is not so in Git, in the cluster or
 * in the workspace.
 */
export async function playStory(world: AnyWorld, narrator: Narrator): Promise<void> {
  const scene = sceneOf(world, narrator);
  const [dev, staging, prod] = world.shop.environments.map(({ name }) => name);
  const [first, second] = world.shop.services;
  if (!dev || !staging || !prod || !first || !second)
    throw new Error('the story needs three environments and two services');
  const [bad, good] = first.newer.map(({ version }) => version);
  if (!bad || !good) throw new Error('the story needs two newer versions');

  await scene.everythingAdopted();

  narrator.tell(
    `Dev wants ${first.name} ${bad} in ${prod} at once, and is refused with the rule and the way on`,
  );
  await scene.types('dev', '/release', `cut ${prod} ${first.name}@${bad}`);
  await scene.sees('dev', /Not cut for/);
  check(
    (await digestInGit(world, prod, first)) === digestOf(world, first, first.version),
    'a refused cut changes nothing in Git',
  );

  narrator.tell(`So it goes the long way: ${dev}, then ${staging}`);
  await scene.types('dev', '/release', `cut ${dev} ${first.name}@${bad} ${second.name}@${bad}`);
  await scene.released(dev, 1);
  await scene.types('ana', '/release', `cut ${staging}`);
  await scene.released(staging, 1);
  await proved(world, staging, [first, second], bad);

  narrator.tell(
    `Ana cuts ${prod}: the computed list first, then the board. She may not approve what she made; Dev wrote it`,
  );
  const board = await scene.cutsByForm('ana', prod);
  await scene.clicks('ana', prod, 'Approve');
  await scene.sees('ana', /does not approve it/);
  await scene.clicks('gus', prod, 'Approve').then(
    () => check(false, 'a guest is not in the channel'),
    () => undefined,
  );
  const stale = scene.copyOf('ben', prod, board);
  for (const approver of ['ben', 'olu', 'pia']) await scene.clicks(approver, prod, 'Approve');

  narrator.tell(`${first.name} ${bad} turns bad while its canary takes a quarter of the traffic`);
  await scene.canaryPaused(prod, first.name);
  world.trouble.break(first.name, bad);
  await scene.says(prod, /HELD/);
  check(
    scene.wrote('abort', { namespace: `shop-${prod}`, user: `signalbox:policy:${prod}` }),
    'policy aborts the canary',
  );
  check(
    (await digestInGit(world, prod, first)) === digestOf(world, first, bad),
    'Git still asks for the bad version while a person is asked',
  );

  narrator.tell('Cleo is on call: /rollback, one confirmation');
  await scene.rollsBack('cleo', prod);
  await scene.says(prod, /Clean/);
  await proved(world, prod, [first, second], first.version);
  check(
    (await digestInGit(world, prod, first)) === digestOf(world, first, first.version),
    'Git asks for the verified version again',
  );
  const [commit] = await world.gitops.log('main');
  check(
    /Release-Intent: rollback/.test(commit?.message ?? ''),
    'the rollback is one commit with its trailers',
  );

  narrator.tell('An incident, whose timeline already holds the facts');
  await scene.opensIncident('cleo', prod);
  await scene.types('cleo', '/incident', 'note the new serializer trips over empty carts');
  // Two commands are carried out side by side: the timeline is asked for once the note is in it.
  await scene.sees('cleo', /Noted in/);
  await scene.types('cleo', '/incident', 'timeline');
  await scene.sees('cleo', /serving stable[\s\S]*empty carts/);
  await scene.types('cleo', '/incident', 'resolve');
  await scene.says(channelNamed(world, /^inc/), /resolved/);

  narrator.tell('Ben presses Approve on the card his phone still shows');
  await scene.clicksCopy('ben', stale, 'Approve');
  await scene.sees('ben', /no longer waits for approval|Not done/);

  narrator.tell(`${first.name} ${good} is good, and goes all the way`);
  await scene.types('dev', '/release', `cut ${dev} ${first.name}@${good}`);
  await scene.released(dev, 2);
  await scene.promotes('ana', dev, staging);
  await scene.released(staging, 2);
  await scene.promotes('ana', staging, prod);
  for (const approver of ['ben', 'olu']) await scene.clicks(approver, prod, 'Approve');
  await scene.released(prod, 1);
  await proved(world, prod, [first], good);
}

function digestOf(world: AnyWorld, service: ShopService, version: string): string {
  return world.digests[service.name]?.[version] ?? '';
}

/** Git asks for this version, and nothing but its pods serve. */
async function proved(
  world: AnyWorld,
  environment: string,
  services: readonly ShopService[],
  version: string,
): Promise<void> {
  for (const service of services) {
    const wanted = digestOf(world, service, version);
    check(
      (await digestInGit(world, environment, service)) === wanted,
      `Git asks for ${service.name} ${version} in ${environment}`,
    );
    const platform = world.platforms[wanted] ?? wanted;
    const serving = servingDigests(world, environment, service.name);
    check(serving.has(platform), `pods of ${service.name} run ${version} in ${environment}`);
  }
}
