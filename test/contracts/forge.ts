import { expect, it } from 'vitest';
import type { CheckOutcome } from '../../src/domain/checks/check-answer.ts';
import { UnavailableError } from '../../src/errors.ts';
import type { Forge } from '../../src/ports/forge.ts';

/** A forge with one repository, `acme/orders-api`, whose branch is `main`. */
export interface ForgeWorld extends AsyncDisposable {
  forge: Forge;
  /** A commit on the branch, newer than all before, with its checks. Gives its whole id. */
  commit(checks: Readonly<Record<string, CheckOutcome>>): Promise<string>;
  require(checks: readonly string[]): Promise<void>;
  /** A pull request with no comments yet. */
  pullRequest(): Promise<number>;
  commentsOn(issue: number): Promise<string[]>;
  goAway(): Promise<void>;
}

const repository = 'acme/orders-api';

/** What every implementation of the port does. Each test gets a world of its own. */
export function forgeContract(makeWorld: () => Promise<ForgeWorld>): void {
  it('tells the checks of a commit, and none for one on which none ran', async () => {
    await using world = await makeWorld();
    const bare = await world.commit({});
    const commit = await world.commit({ unit: 'passed', contract: 'failed', e2e: 'pending' });
    const told = await world.forge.checks({ repository, commit });
    expect(told).toMatchObject({ kind: 'checks' });
    expect(told.kind === 'checks' && told.checks.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
      { name: 'contract', outcome: 'failed' },
      { name: 'e2e', outcome: 'pending' },
      { name: 'unit', outcome: 'passed' },
    ]);
    expect(await world.forge.checks({ repository, commit: bare })).toEqual({ kind: 'checks', checks: [] });
  });

  it('refuses what is not there, which is no commit without checks', async () => {
    await using world = await makeWorld();
    const commit = await world.commit({ unit: 'passed' });
    expect((await world.forge.checks({ repository, commit: 'f'.repeat(40) })).kind).toBe('refused');
    expect((await world.forge.checks({ repository: 'acme/none', commit })).kind).toBe('refused');
  });

  it('tells what a branch requires, and that one requires nothing', async () => {
    await using world = await makeWorld();
    await world.commit({});
    expect(await world.forge.requiredChecks({ repository, branch: 'main' })).toEqual({
      kind: 'required',
      checks: [],
    });
    await world.require(['unit', 'contract']);
    const told = await world.forge.requiredChecks({ repository, branch: 'main' });
    expect(told.kind === 'required' && told.checks.toSorted()).toEqual(['contract', 'unit']);
  });

  it('finds the newest commit on which a check passed', async () => {
    await using world = await makeWorld();
    await world.commit({ build: 'passed' });
    const good = await world.commit({ build: 'passed' });
    await world.commit({ build: 'failed' });
    await world.commit({});
    const at = { repository, branch: 'main' };
    expect(await world.forge.passed({ ...at, check: 'build' })).toEqual({ kind: 'commit', commit: good });
    expect(await world.forge.passed({ ...at, check: 'e2e' })).toMatchObject({ kind: 'none' });
  });

  it('says the same once, however often it is asked to', async () => {
    await using world = await makeWorld();
    await world.commit({});
    const issue = await world.pullRequest();
    const comment = { repository, issue, operation: 'github.1', text: 'prod/shop-2026-11-20.1 is cut.' };
    expect(await world.forge.comment(comment)).toEqual({ kind: 'commented' });
    expect(await world.forge.comment(comment)).toEqual({ kind: 'commented' });
    await world.forge.comment({ ...comment, operation: 'github.2' });
    const comments = await world.commentsOn(issue);
    expect(comments).toHaveLength(2);
    expect(comments[0]).toContain('prod/shop-2026-11-20.1 is cut.');
  });

  it('is unavailable while nobody answers', async () => {
    await using world = await makeWorld();
    const commit = await world.commit({ unit: 'passed' });
    await world.goAway();
    await expect(world.forge.checks({ repository, commit })).rejects.toBeInstanceOf(UnavailableError);
  });
}
