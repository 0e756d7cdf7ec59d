import { describe, expect, it } from 'vitest';
import type { Request } from '../../../src/domain/request.ts';
import type { Rules } from '../../../src/domain/rules.ts';
import { UnavailableError } from '../../../src/errors.ts';
import { lastWords } from '../answers.ts';
import { ANA, type PlainWorld, plainWorld, SERVICE } from '../plain-world.ts';

const RULES: Partial<Rules> = {
  repositories: { gitops: { branch: 'main' }, source: { branch: 'main', github: 'acme/shop' } },
  github: { tagsBy: 'person' },
};

/** Anybody may cut, and nobody has to know who wrote what. */
function tagged(rules: Partial<Rules> = {}): Promise<PlainWorld> {
  return plainWorld({
    rules: { ...RULES, ...rules },
    entry: `source: {repository: source}\n    cutOnTag: "${SERVICE}-{version}"`,
    revisions: async (source) => {
      const head = (await source.head('main')) ?? '';
      return { 1: head, 2: head };
    },
  });
}

/** A tag is pushed, and what follows is carried out. */
async function push(world: PlainWorld, tag: string, { login = 'Ana-acme', repository = 'Acme/shop' } = {}) {
  const { ports, time } = world;
  world.people.people.set(ANA, { id: ANA, name: 'ANA', login: 'ana-acme' });
  const id = `github.${tag}`;
  await ports.inbox.accept({
    id,
    receivedAt: new Date(time.now()).toISOString(),
    principal: `github:${login}`,
    via: 'github',
    request: { kind: 'cutTag', repository, tag } satisfies Request,
    // Where it is said is not a job's to decide.
    replyTo: { kind: 'slack', user: ANA },
  });
  await world.carryOut(id);
}

const released = async (world: PlainWorld) =>
  [...world.unfinished.keys()].filter((stream) => stream.startsWith('release:'));

describe('a tag', () => {
  it('cuts what it names, as whoever pushed it', async () => {
    const world = await tagged();
    await push(world, `${SERVICE}-1.2.0`);
    const { requestedBy, plan } = await world.state(await world.newest());
    expect(requestedBy).toBe(ANA);
    expect(plan.services[SERVICE]?.to.images[SERVICE]?.version).toBe('1.2.0');
  });

  it.each([
    ['of another repository', `${SERVICE}-1.2.0`, 'acme/other'],
    ['that no template fits', 'v1.2.0', 'acme/shop'],
  ])('%s means nothing', async (_, tag, repository) => {
    const world = await tagged();
    await push(world, tag, { repository });
    expect(await released(world)).toEqual([]);
    expect(world.workspace.told).toEqual([]);
  });

  it('waits for its image as long as a build may take, and then says so', async () => {
    const world = await tagged();
    const pushing = push(world, `${SERVICE}-7.0.0`);
    await expect(pushing).rejects.toBeInstanceOf(UnavailableError);
    await world.time.run(world.time.now() + 31 * 60_000);
    await world.carryOut(`github.${SERVICE}-7.0.0`);
    expect(await released(world)).toEqual([]);
    expect(lastWords(world)).toContain('has no 7.0.0');
  });

  it('of a login that belongs to nobody is refused', async () => {
    const world = await tagged();
    await push(world, `${SERVICE}-1.2.0`, { login: 'release-please[bot]' });
    expect(await released(world)).toEqual([]);
    expect(lastWords(world)).toContain("I don't know who release-please[bot]");
  });

  it('of such a login is cut by policy where the configuration says so', async () => {
    const world = await tagged({ github: { tagsBy: 'policy' } });
    await push(world, `${SERVICE}-1.2.0`, { login: 'release-please[bot]' });
    expect((await world.state(await world.newest())).requestedBy).toBe('signalbox:policy:prod');
  });
});
