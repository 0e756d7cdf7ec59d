import { describe, expect, it } from 'vitest';
import { type ReleaseId, splitReleaseId } from '../../../src/domain/ids.ts';
import { lastWords } from '../answers.ts';
import { BEN, digestOf, type PlainWorld, plainWorld, SERVICE } from '../plain-world.ts';

async function released(world: PlainWorld, minor: number): Promise<ReleaseId> {
  const id = await world.cut(minor);
  await world.settle(id);
  return id;
}

async function where(world: PlainWorld, word: string, service?: string): Promise<string> {
  await world.ask(BEN, { kind: 'where', word, ...(service && { service }) });
  return lastWords(world);
}

async function changes(world: PlainWorld, withinMs?: number, service = SERVICE): Promise<string> {
  await world.ask(BEN, { kind: 'changes', service, ...(withinMs && { withinMs }) });
  return lastWords(world);
}

describe('where something runs', () => {
  it('is told by version and by digest, with since when and by which release', async () => {
    const world = await plainWorld();
    const id = await released(world, 2);
    for (const word of ['1.2.0', digestOf(2), digestOf(2).slice(7, 19)]) {
      const words = await where(world, word);
      expect(words).toContain('runs in prod');
      expect(words).toMatch(/`orders-api` 1\.2\.0 {2}\*prod\* {2}since <!date\^/);
      expect(words).toContain(splitReleaseId(id).name);
    }
  });

  it('is told of what ran before, and of what is on its way', async () => {
    const world = await plainWorld();
    await released(world, 2);
    expect(await where(world, '1.1.0')).toMatch(/runs nowhere any more[\s\S]* to <!date[\s\S]*found running/);
    const next = await world.cut(3);
    await world.reconcile(next);
    expect(await where(world, '1.3.0')).toMatch(
      /runs nowhere\*[\s\S]*Releases:[\s\S]*on its way: orders-api/,
    );
  });

  it('is told of the commit by which a release was carried out', async () => {
    const world = await plainWorld();
    const id = await released(world, 2);
    const state = await world.state(id);
    const receipts = Object.values(state.effects).flatMap(({ status }) =>
      status.kind === 'done' && status.receipt.git ? [status.receipt.git.commit] : [],
    );
    const commit = receipts.at(-1) ?? '';
    expect(await where(world, commit.slice(0, 10))).toContain('carried out by');
  });

  it('is nowhere for what nobody knows, and says what is near and what could be asked', async () => {
    const world = await plainWorld();
    await released(world, 2);
    const words = await where(world, '1.2.9');
    expect(words).toContain('Nothing I know of is 1.2.9');
    expect(words).toMatch(/Did you mean 1\.\d\.0/);
    expect(words).toContain('org.opencontainers.image.revision');
    expect(await where(world, '1.2.0', 'web')).toContain('Nothing I know of is web@1.2.0');
    expect(await where(world, '<!channel>')).toContain('&lt;!channel&gt;');
  });
});

describe('what changed a service', () => {
  it('is its releases and rollbacks with who asked, newest first, each linked', async () => {
    const world = await plainWorld();
    const first = await released(world, 2);
    await world.ask(BEN, { kind: 'rollback', environment: 'prod', release: first, services: [] });
    const back = await world.newest();
    await world.settle(back);
    const words = await changes(world);
    const at = (text: RegExp) => words.search(text);
    expect(at(/rollback 1\.2\.0 → 1\.1\.0: rolled back by BEN · BEN/)).toBeGreaterThan(0);
    expect(at(/rollback 1\.2\.0/)).toBeLessThan(at(/cut 1\.1\.0 → 1\.2\.0 · ANA/));
    expect(at(/restored/)).toBeLessThan(at(/rollback 1\.2\.0/));
    expect(words).toMatch(/taken back: rolled back by BEN/);
    expect(words).toMatch(/<https:\/\/[^|]+\|shop-2026-11-20\.1>/);
  });

  it('is an abort, and who did it', async () => {
    const world = await plainWorld();
    const release = await world.cut(2);
    await world.reconcile(release);
    const { environment, name } = splitReleaseId(release);
    await world.ask(BEN, { kind: 'abort', release: name, environment });
    expect(await changes(world)).toMatch(/aborted by BEN/);
  });

  it('is what was found by hand at first sight, and a manifest that somebody pushed to', async () => {
    const world = await plainWorld({ environment: { approvals: APPROVED } });
    const release = await world.cut(2);
    await world.reconcile(release);
    const { text, path } = (await world.state(release)).manifest;
    await world.repository.push({ branch: `release/${release}`, files: { [path]: `${text}# by hand\n` } });
    await world.reconcile(release);
    const words = await changes(world);
    expect(words).toMatch(/by hand: its manifest was pushed to by hand/);
    expect(words).toContain('found running 1.1.0');
  });

  it('is only of the time that is asked for, and plainly nothing when there was nothing', async () => {
    const world = await plainWorld();
    await released(world, 2);
    await world.time.run(world.time.now() + 3 * 3_600_000);
    expect(await changes(world, 3_600_000)).toContain('Nothing changed orders-api in the last 1h');
    expect(await changes(world, 4 * 3_600_000)).toContain('of orders-api in the last 4h');
    expect(await changes(world, 3_600_000)).toContain(
      '/release diff <env> git cluster'.replace(/[<>]/g, (c) => (c === '<' ? '&lt;' : '&gt;')),
    );
  });

  it('of a service that nobody knows says which one may be meant', async () => {
    const world = await plainWorld();
    expect(await changes(world, undefined, 'orders-apo')).toMatch(
      /no service orders-apo.*did you mean orders-api/,
    );
  });

  it('leaves out releases that have nothing to do with it', async () => {
    const world = await plainWorld({ more: { web: {} } });
    await world.cut(2, ['web']);
    expect(await changes(world)).not.toContain('shop-2026-11-20.1');
    expect(await changes(world, undefined, 'web')).toContain('cut 1.1.0 → 1.2.0 · ANA');
  });
});

const APPROVED = { required: 1, from: ['managers'], owners: 'none' as const, expiresAfterMs: 3_600_000 };
