import { describe, expect, it } from 'vitest';
import type { DiffSide } from '../../../src/domain/request.ts';
import { buttonOf, lastWords } from '../answers.ts';
import { BEN, digestOf, type PlainWorld, plainWorld } from '../plain-world.ts';

const PROD: DiffSide = { kind: 'environment', environment: 'prod' };
const GIT: DiffSide = { kind: 'git', environment: 'prod' };
const CLUSTER: DiffSide = { kind: 'cluster', environment: 'prod' };
const release = (word: string): DiffSide => ({ kind: 'release', release: word });

async function diff(world: PlainWorld, a: DiffSide, b: DiffSide): Promise<string> {
  await world.ask(BEN, { kind: 'diff', a, b });
  return lastWords(world);
}

async function released(world: PlainWorld, minor: number): Promise<string> {
  const id = await world.cut(minor);
  await world.settle(id);
  return id;
}

/** A change by hand: another digest than any release brought. */
async function pushByHand(world: PlainWorld, minor: number): Promise<void> {
  const now = (await world.repository.read('main', 'prod/orders-api.yaml')) ?? '';
  await world.repository.push({
    branch: 'main',
    files: { 'prod/orders-api.yaml': now.replace(/sha256:[0-9a-f]+/, digestOf(minor)) },
  });
}

describe('a diff', () => {
  it('between two releases names versions and digests', async () => {
    const world = await plainWorld();
    await released(world, 2);
    await released(world, 3);
    const words = await diff(world, release('.1'), release('.2'));
    expect(words).toContain('`orders-api`  1.2.0 → 1.3.0 (222222222222 → 333333333333)');
  });

  it('between a release and what runs says plainly that there is none', async () => {
    const world = await plainWorld();
    await released(world, 2);
    expect(await diff(world, release('.1'), PROD)).toMatch(
      /No difference between prod\/\S+ and prod: 1 service/,
    );
  });

  it('between Git and the cluster is nothing as long as they agree', async () => {
    const world = await plainWorld();
    await released(world, 2);
    expect(await diff(world, GIT, CLUSTER)).toContain(
      'No difference between prod in Git and prod in the cluster',
    );
  });

  it('shows what somebody pushed by hand, by its version where any release of the environment had it', async () => {
    const world = await plainWorld();
    await released(world, 2);
    await pushByHand(world, 1);
    expect(await diff(world, GIT, CLUSTER)).toContain('1.1.0 → 1.2.0 (111111111111 → 222222222222)');
    expect(await diff(world, PROD, GIT)).toContain('1.2.0 → 1.1.0');
    await pushByHand(world, 7);
    expect(await diff(world, GIT, CLUSTER)).toContain('777777777777 → 1.2.0');
  });

  it('shows what somebody changed in the cluster', async () => {
    const world = await plainWorld();
    await released(world, 2);
    await pushByHand(world, 3);
    await world.applyGit();
    await world.time.run(world.time.now() + 60_000);
    await pushByHand(world, 2);
    expect(await diff(world, PROD, CLUSTER)).toContain('1.2.0 → 333333333333');
  });

  it('shows other values of the files that a release owns', async () => {
    const world = await plainWorld();
    await released(world, 2);
    const now = (await world.repository.read('main', 'prod/orders-api.yaml')) ?? '';
    const files = { 'prod/orders-api.yaml': now.replace(/(\n\s+)digest:/, '$1newTag: "9"$1digest:') };
    await world.repository.push({ branch: 'main', files });
    expect(await diff(world, PROD, GIT)).toMatch(/newTag: not set → 9/);
  });

  it('never takes silence for agreement', async () => {
    const world = await plainWorld();
    await released(world, 2);
    await world.repository.push({ branch: 'main', files: { 'prod/orders-api.yaml': 'images: [\n' } });
    const words = await diff(world, GIT, CLUSTER);
    expect(words).not.toContain('No difference');
    expect(words).toMatch(/`orders-api` not compared \(prod in Git\): prod\/orders-api\.yaml:\d+/);
  });

  it('tells what a release moves at the moment', async () => {
    const world = await plainWorld();
    const id = await world.cut(2);
    await world.reconcile(id);
    expect(await diff(world, GIT, CLUSTER)).toContain(`orders-api: ${id} moves it now`);
  });

  it('asks which release is meant, and says when there is none', async () => {
    const world = await plainWorld();
    await released(world, 2);
    expect(await diff(world, release('.9'), PROD)).toMatch(/I don't know which release you mean/);
    expect(await diff(world, { kind: 'environment', environment: 'moon' }, PROD)).toContain(
      'There is no environment moon',
    );
    expect(() => buttonOf(world, { label: /Plan/, kind: 'cut' })).toThrow();
  });
});
