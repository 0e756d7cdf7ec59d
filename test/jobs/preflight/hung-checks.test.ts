import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../src/ports/message.ts';
import { wordsOf } from '../../views/fixtures.ts';
import { ANA, type PlainWorld, plainWorld, SERVICE } from '../plain-world.ts';

function answered({ workspace }: PlainWorld): string {
  const answer = workspace.told.at(-1)?.answer as Answer;
  return 'message' in answer ? wordsOf([answer.message.text, answer.message.blocks]) : answer.kind;
}

const forEver = <T>(): Promise<T> => new Promise<T>(() => undefined);
const services = [{ service: SERVICE, version: { kind: 'tag' as const, tag: '1.2.0' } }];
const cut = { kind: 'cut' as const, environment: 'prod', services, leaveOut: [] };

/** Carried out while virtual time goes by. */
async function asksFor(world: PlainWorld, ms: number): Promise<void> {
  let isOver = false;
  const asking = world.ask(ANA, cut).finally(() => {
    isOver = true;
  });
  await world.time.run(world.time.now() + ms, { isOver: () => isOver });
  await asking;
}

describe('a check that hangs', () => {
  it('is not known by its name, and every other one is shown', async () => {
    const world = await plainWorld();
    world.ports.policy = { ...world.ports.policy, decide: forEver };
    const began = world.time.now();
    await asksFor(world, 60_000);
    expect(answered(world)).toMatch(
      /Not cut for prod[\s\S]*1 rule refuses it[\s\S]*the policy gave no answer within 20 s\n_rule `policy`/,
    );
    // All checks ran side by side: the one that hangs took its own time and nobody else's.
    expect(world.time.now() - began).toBeLessThanOrEqual(20_000);
  });

  it('because a role cannot be read is not known either', async () => {
    const world = await plainWorld({
      environment: {
        approvals: { required: 1, from: ['managers'], owners: 'none', expiresAfterMs: 3_600_000 },
      },
    });
    const { directory } = world.ports;
    world.ports.directory = {
      person: (id, options) => directory.person(id, options),
      byEmail: (email) => directory.byEmail(email),
      byLogin: (login) => directory.byLogin(login),
      nameOf: (id) => directory.nameOf(id),
      members: forEver,
    };
    await asksFor(world, 60_000);
    expect(answered(world)).toMatch(/Not cut for prod[\s\S]*role managers could not be read/);
  });

  it('because the checklists cannot be read is not known either', async () => {
    const world = await plainWorld({ environment: { checklists: ['checklists/*.md'] } });
    const { git } = world.ports;
    world.ports.git = {
      ...git,
      view: async (repository, branch) => {
        const view = await git.view(repository, branch);
        return view && { ...view, list: forEver };
      },
    };
    await asksFor(world, 60_000);
    expect(answered(world)).toMatch(
      /Not cut for prod[\s\S]*main of gitops gave no answer within 20 s\n_rule `checklist-complete`/,
    );
  });

  it('because GitHub hangs is not known either', async () => {
    const repositories = {
      gitops: { branch: 'main' },
      source: { branch: 'main', github: 'shop/source' },
    };
    const revision = 'a'.repeat(40);
    const world = await plainWorld({
      environment: { checks: { required: ['unit'], accept: [], onBranch: 'off' } },
      rules: { repositories },
      more: { web: { source: '.' } },
      revisions: async () => ({ 2: revision }),
    });
    world.ports.forge = { ...world.ports.forge, checks: forEver };
    let isOver = false;
    const ofWeb = [{ ...services[0], service: 'web', version: { kind: 'tag' as const, tag: '1.2.0' } }];
    const asking = world.ask(ANA, { ...cut, services: ofWeb }).finally(() => {
      isOver = true;
    });
    await world.time.run(world.time.now() + 60_000, { isOver: () => isOver });
    await asking;
    expect(answered(world)).toMatch(/GitHub gave no answer within 20 s[\s\S]*rule `checks-passed`/);
  });
});
