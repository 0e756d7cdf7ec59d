import { describe, expect, it } from 'vitest';
import type { PersonId } from '../../../src/domain/ids.ts';
import { UnavailableError } from '../../../src/errors.ts';
import type { MemoryRepository } from '../../simulation/ports/memory-repository.ts';
import { wordsOf } from '../../views/fixtures.ts';
import { lastWords } from '../answers.ts';
import { ANA, BEN, type PlainWorld, plainWorld, SERVICE } from '../plain-world.ts';

const DEV: PersonId = 'slack:T1:UDEV';

/** Version 1.1 to 1.4, a commit each, and one commit of somebody else's folder. Dev and a person from outside wrote 1.3. */
async function history(source: MemoryRepository): Promise<Record<number, string>> {
  const dev = { name: 'Dev', email: 'dev@shop.test' };
  const lin = { name: 'Lin <b>', email: 'lin@elsewhere.test' };
  const commit = (minor: number, message: string, author = lin) =>
    source.push({ branch: 'main', files: { [`${SERVICE}/v`]: `${minor}` }, message, author });
  const first = await commit(1, 'Begin');
  const second = await commit(2, 'Add a note <!channel>', dev);
  await source.push({ branch: 'main', files: { 'web/v': '1' }, message: 'Not of the orders', author: lin });
  const third = await commit(3, 'Fix the note\n\nCo-authored-by: Ben <BEN@shop.test>', lin);
  const fourth = await commit(4, 'Make it blue', lin);
  return { 1: first, 2: second, 3: third, 4: fourth };
}

function world(more: Parameters<typeof plainWorld>[0] = {}): Promise<PlainWorld> {
  return plainWorld({
    more: { [SERVICE]: { source: SERVICE } },
    roles: { managers: [ANA, BEN, DEV] },
    revisions: history,
    ...more,
  });
}

async function plan(at: PlainWorld, minor: number): Promise<string> {
  const version = { kind: 'tag' as const, tag: `1.${minor}.0` };
  const services = [{ service: SERVICE, version }];
  await at.ask(ANA, { kind: 'cut', environment: 'prod', services, leaveOut: [], dryRun: true });
  return lastWords(at);
}

function thread(at: PlainWorld): string {
  const posts = at.workspace.channels.get('CPROD')?.posts ?? [];
  return posts
    .filter(({ thread: ts }) => ts !== undefined)
    .map(({ message }) => wordsOf(message.blocks))
    .join('\n');
}

describe('release notes', () => {
  it('are the commits between what runs and what comes, of the service’s own folder', async () => {
    const at = await world();
    const words = await plan(at, 3);
    expect(words).toContain('+2 commits');
    expect(words).toContain('Fix the note');
    expect(words).toContain('Add a note &lt;!channel&gt;');
    expect(words).not.toContain('Not of the orders');
    expect(words).not.toContain('Begin');
    expect(words).toMatch(/nobody in Slack has their address.*Lin &lt;b&gt;/);
  });

  it('make those who wrote something makers, who may not approve it', async () => {
    const approvals = { required: 1, from: ['managers'], owners: 'none' as const, expiresAfterMs: 3_600_000 };
    const at = await world({ environment: { approvals } });
    const two = await at.cut(2);
    expect((await at.state(two)).plan.makers).toEqual([ANA, DEV]);
    await at.reconcile(two);
    const { planHash } = await at.state(two);
    await at.ask(DEV, { kind: 'approve', release: two, seen: { planHash, state: 'awaitingApproval' } });
    expect(lastWords(at)).toContain('maker-checker');
    const version = { kind: 'tag' as const, tag: '1.3.0' };
    await at.ask(ANA, {
      kind: 'cut',
      environment: 'prod',
      services: [{ service: SERVICE, version }],
      leaveOut: [],
    });
    // Ana asked, Dev and Ben wrote it: nobody is left who could approve.
    expect(lastWords(at)).toContain('maker-checker');
    expect(lastWords(at)).toContain('Not cut');
  });

  it('stand once in the thread of the board, with links, drawn from what is recorded', async () => {
    const at = await world();
    const release = await at.cut(3);
    await at.settle(release);
    expect(thread(at)).toMatch(/What is new in shop-2026-11-20\.1: 2 commits in 1 service/);
    expect(thread(at)).toMatch(
      /<https:\/\/git\.test\/[0-9a-f]{40}\|[0-9a-f]{8}> Fix the note {2}_Lin &lt;b&gt;_/,
    );
    expect(thread(at).match(/What is new in/g)).toHaveLength(1);
    expect(await at.kinds(release)).not.toContain('release.held');
  });

  it('tell when it goes back behind commits', async () => {
    const at = await world();
    await at.settle(await at.cut(3));
    expect(await plan(at, 2)).toMatch(/\+0 commits · takes out 1 commit|no-downgrade/);
  });

  it.each<[string, Parameters<typeof plainWorld>[0], RegExp]>([
    ['the catalog names no source', { more: {} }, /No notes for orders-api: the catalog does not say where/],
    [
      'the image does not say its commit',
      { revisions: async () => ({}) },
      /its image does not say which commit/,
    ],
    [
      'the commit is not on the branch',
      { revisions: async (source) => ({ ...(await history(source)), 2: 'f'.repeat(40) }) },
      /commit ffffffff is not on main of source/,
    ],
  ])('say plainly when %s', async (_, options, words) => {
    const at = await world(options);
    expect(await plan(at, 2)).toMatch(words);
    const release = await at.cut(2);
    await at.settle(release);
    expect((await at.state(release)).ended?.outcome).toBe('released');
    expect(thread(at)).not.toContain('What is new');
  });

  it('keep a release from being cut while nobody can tell who wrote it, and a plan says why', async () => {
    const at = await world();
    const away = {
      ...at.ports,
      git: {
        ...at.ports.git,
        between: async () => {
          throw new UnavailableError('Fetching main of source: no answer');
        },
      },
    };
    const version = { kind: 'tag' as const, tag: '1.2.0' };
    const cut = {
      kind: 'cut' as const,
      environment: 'prod',
      services: [{ service: SERVICE, version }],
      leaveOut: [],
    };
    await at.ask(ANA, cut, away);
    expect(lastWords(at)).toMatch(
      /source of orders-api cannot be read now[\s\S]*no answer[\s\S]*maker-checker/,
    );
    expect(await at.ports.ledger.recent('release', 5)).toEqual([]);
    await at.ask(ANA, { ...cut, dryRun: true }, away);
    expect(lastWords(at)).toMatch(/No notes for orders-api: Fetching main of source: no answer/);
  });

  it('go with what is left when a service is dropped', async () => {
    const at = await world({
      environment: {
        approvals: { required: 1, from: ['managers'], owners: 'none', expiresAfterMs: 3_600_000 },
      },
      more: { [SERVICE]: { source: SERVICE }, web: { source: 'web' } },
    });
    const release = await at.cut(2, [SERVICE, 'web']);
    await at.reconcile(release);
    await at.ask(ANA, { kind: 'drop', services: ['web'], dependents: 'ask' });
    const { notes } = await at.state(await at.newest());
    expect(Object.keys(notes ?? {})).toEqual([SERVICE]);
  });
});
