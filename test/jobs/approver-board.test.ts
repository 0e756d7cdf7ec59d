import { describe, expect, it } from 'vitest';
import { wordsOf } from '../views/fixtures.ts';
import { ANA, BEN, type PlainWorld, plainWorld, SERVICE } from './plain-world.ts';

/** The message that begins with the release's name. */
const board = ({ workspace }: PlainWorld, release: string): string =>
  workspace.channels
    .get('CPROD')
    ?.posts.map(({ message }) => wordsOf(message))
    .find((words) => words.includes(release.split('/')[1] ?? '')) ?? '';

describe('the board that approvers are asked on', () => {
  it('says what goes, whose word is asked for it, what could go wrong and the way back with its time, then all else', async () => {
    const world = await plainWorld({
      environment: {
        approvals: { required: 0, from: ['managers'], owners: 'all', expiresAfterMs: 3_600_000 },
      },
      more: { web: { owner: 'web-owners', tier: 2 } },
      roles: { 'web-owners': [BEN] },
    });
    const first = await world.cut(2);
    await world.settle(first);
    const seen = { planHash: (await world.state(first)).planHash, state: 'awaitingApproval' };
    await world.ask(BEN, { kind: 'approve', release: first, seen });
    await world.settle(first);
    expect(board(world, first)).not.toContain('Way back');
    await world.ask(ANA, { kind: 'rollback', environment: 'prod', services: [SERVICE] });
    await world.settle(await world.newest());
    const release = await world.cut(3, [SERVICE, 'web']);
    await world.settle(release);
    const words = board(world, release);
    const places = [
      /`orders-api` {2}1\.1\.0 → \*1\.3\.0\*.*managers approve/,
      /`web` {2}1\.1\.0 → \*1\.3\.0\*.*tier 2 · web-owners approve/,
      /Risk: /,
      /Way back: /,
      /Preflight: /,
      /Waits for /,
    ];
    expect(places.map((place) => words.search(place))).toEqual(
      places.map((place) => words.search(place)).toSorted((a, b) => a - b),
    );
    expect(places.filter((place) => !place.test(words))).toEqual([]);
    expect(words).toMatch(
      /Way back: (orders-api 1\.1\.0 and web 1\.1\.0|web 1\.1\.0 and orders-api 1\.1\.0) · the last rollback here took \d+ s/,
    );
  });

  it('says when no rollback was tried, and nothing of it once the release has begun', async () => {
    const world = await plainWorld({
      environment: {
        approvals: { required: 1, from: ['managers'], owners: 'none', expiresAfterMs: 3_600_000 },
      },
    });
    const release = await world.cut(2);
    await world.settle(release);
    expect(board(world, release)).toMatch(/Way back: orders-api 1\.1\.0 · no rollback was tried here yet/);
    const seen = { planHash: (await world.state(release)).planHash, state: 'awaitingApproval' };
    await world.ask(BEN, { kind: 'approve', release, seen });
    await world.settle(release);
    expect(board(world, release)).not.toContain('Way back');
  });
});
