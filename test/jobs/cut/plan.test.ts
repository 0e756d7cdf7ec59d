import { describe, expect, it } from 'vitest';
import type { Request } from '../../../src/domain/request.ts';
import { buttonOf, lastWords } from '../answers.ts';
import { ANA, BEN, digestOf, type PlainWorld, plainWorld, SERVICE } from '../plain-world.ts';

function planOf(minor: number): Extract<Request, { kind: 'cut' }> {
  const version = { kind: 'tag' as const, tag: `1.${minor}.0` };
  return {
    kind: 'cut',
    environment: 'prod',
    services: [{ service: SERVICE, version }],
    leaveOut: [],
    dryRun: true,
  };
}

/** Everything that only a decision may change. */
async function standing(world: PlainWorld): Promise<unknown> {
  const facts = await world.ports.ledger.since(0, 10_000);
  return { facts: facts.length, git: await world.inGit(), rung: world.rung.length, open: world.unfinished };
}

const CUT = { label: /Cut it/, kind: 'cut' } as const;

describe('a plan', () => {
  it('shows what would move, the gates, the people and the way back, and changes nothing', async () => {
    const world = await plainWorld({ environment: { approvals: ASKED } });
    const before = await standing(world);
    await world.ask(ANA, planOf(2));
    expect(await standing(world)).toEqual(before);
    const words = lastWords(world);
    expect(words).toContain('would be shop-2026-11-20.1');
    expect(words).toContain('`orders-api`  1.1.0 → *1.2.0*   tier 2');
    expect(words).toMatch(/Gates: none, so a person decides/);
    expect(words).toContain('Approvals: 1 of managers (not ANA: they made it)');
    expect(words).toMatch(/Preflight: \d+ pass/);
    expect(words).toMatch(/Said by: owner catalog · tier (catalog|default)/);
    expect(words).toContain('Way back: orders-api 1.1.0');
    expect(words).toContain('found running before the first release');
    expect(words).toContain('No other release is in the way');
  });

  it('is carried out by its button, as it was shown', async () => {
    const world = await plainWorld();
    await world.ask(ANA, planOf(2));
    await world.ask(ANA, buttonOf(world, CUT));
    expect(lastWords(world)).toMatch(/→ prod is cut/);
    const release = await world.newest();
    await world.settle(release);
    expect(await world.inGit()).toBe(digestOf(2));
  });

  it('is carried out also when somebody else took its name, which changes nothing of what is done', async () => {
    const world = await plainWorld();
    await world.ask(ANA, planOf(2));
    const button = buttonOf(world, CUT);
    await world.cut(3);
    await world.ask(ANA, button);
    expect(lastWords(world)).toContain('shop-2026-11-20.2 → prod is cut');
  });

  it('is refused when what runs has changed since, says what, and offers the plan as it is now', async () => {
    const world = await plainWorld();
    await world.ask(ANA, planOf(2));
    const button = buttonOf(world, CUT);
    const other = await world.cut(3);
    await world.settle(other);
    await world.ask(ANA, button);
    const words = lastWords(world);
    expect(words).toContain('Not done');
    expect(words).toContain('orders-api would go 1.3.0 → 1.2.0, not 1.1.0 → 1.2.0');
    expect(await world.newest()).toBe(other);
    await world.ask(ANA, buttonOf(world, { label: /Show the plan now/, kind: 'cut' }));
    expect(await world.newest()).toBe(other);
    expect(lastWords(world)).toMatch(/1\.3\.0 → \*1\.2\.0\*|no-downgrade/);
  });

  it('names the release that holds its track', async () => {
    const world = await plainWorld();
    const holder = await world.cut(2);
    await world.reconcile(holder);
    await world.ask(ANA, planOf(3));
    expect(lastWords(world)).toContain(`Would wait for ${holder}: both touch \`orders-api\``);
  });

  it('may be seen by everybody, and its button is only there for those who may press it', async () => {
    const world = await plainWorld({ environment: { may: { ...NOBODY, cut: ['others'] } } });
    await world.ask(BEN, planOf(2));
    expect(lastWords(world)).toContain('1.1.0 → *1.2.0*');
    expect(lastWords(world)).toContain('environments.prod.may.cut');
    expect(() => buttonOf(world, CUT)).toThrow(/no button/);
  });

  it('of what is not there says so, as a cut does', async () => {
    const world = await plainWorld();
    await world.ask(ANA, planOf(9));
    expect(lastWords(world)).toMatch(/has no 1\.9\.0/);
    await world.ask(ANA, planOf(1));
    expect(lastWords(world)).toMatch(/Nothing to release/);
  });
});

const ASKED = { required: 1, from: ['managers'], owners: 'none' as const, expiresAfterMs: 3_600_000 };
const NOBODY = { approve: [], promote: [], resume: [], abort: [], rollback: [] };
