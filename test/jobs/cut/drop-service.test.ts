import { describe, expect, it } from 'vitest';
import { type PersonId, releaseStream } from '../../../src/domain/ids.ts';
import type { Request } from '../../../src/domain/request.ts';
import { drawPicture } from '../../../src/jobs/draw-picture.ts';
import { board } from '../../../src/views/board.ts';
import { wordsOf } from '../../views/fixtures.ts';
import { buttonOf, lastWords } from '../answers.ts';
import { ANA, BEN, digestOf, type PlainWorld, plainWorld, SERVICE } from '../plain-world.ts';

const OLU: PersonId = 'slack:T1:UOLU';
const WES: PersonId = 'slack:T1:UWES';
const CLEO: PersonId = 'slack:T1:UCLEO';

type Release = `${string}/${string}`;

/** Three services of three owners: the cart needs the orders, the web needs nobody. Everybody's owners are asked. */
function shop(managers: PersonId[] = [ANA, BEN]): Promise<PlainWorld> {
  return plainWorld({
    environment: {
      approvals: { required: 1, from: ['managers'], owners: 'all', expiresAfterMs: 3_600_000 },
    },
    more: { cart: { dependsOn: [SERVICE], owner: 'cart-owners' }, web: { owner: 'web-owners' } },
    roles: { managers, 'cart-owners': [OLU], 'web-owners': [WES] },
  });
}

async function cutAll(world: PlainWorld): Promise<Release> {
  const release = await world.cut(2, [SERVICE, 'cart', 'web']);
  await world.reconcile(release);
  return release;
}

async function approve(world: PlainWorld, person: PersonId, release: Release): Promise<void> {
  const { planHash } = await world.state(release);
  await world.ask(person, { kind: 'approve', release, seen: { planHash, state: 'awaitingApproval' } });
}

function drop(services: string[], more: Partial<Extract<Request, { kind: 'drop' }>> = {}): Request {
  return { kind: 'drop', services, dependents: 'ask', ...more };
}

async function boardOf(world: PlainWorld, release: Release): Promise<string> {
  const picture = await drawPicture(world.ports, world.rules, release);
  return picture ? wordsOf(board(picture)) : '';
}

describe('dropping a service from a release that has not begun', () => {
  it('makes a release of the rest under a new name, and supersedes the old one', async () => {
    const world = await shop();
    const old = await cutAll(world);
    await world.ask(ANA, drop(['web']));
    const next = await world.newest();
    expect(next).toBe('prod/shop-2026-11-20.2');
    expect(Object.keys((await world.state(next)).plan.services).sort()).toEqual(['cart', SERVICE]);
    expect(await world.state(next)).toMatchObject({ amends: old, name: 'shop-2026-11-20.2' });
    expect((await world.state(old)).ended).toMatchObject({ outcome: 'superseded', by: next });
    expect(lastWords(world)).toContain('takes the place of shop-2026-11-20.1, without web');
    expect(await boardOf(world, next)).toContain('in place of shop-2026-11-20.1');
    expect(await boardOf(world, old)).toContain('superseded · shop-2026-11-20.2 goes on without web');
  });

  it('keeps what owners approved whose part is the same, and asks the others again', async () => {
    const world = await shop();
    const old = await cutAll(world);
    await approve(world, OLU, old);
    await approve(world, BEN, old);
    await world.ask(ANA, drop(['web']));
    const next = await world.newest();
    expect((await world.state(next)).approvals).toMatchObject(
      [
        { person: BEN, services: [SERVICE] },
        { person: OLU, services: ['cart'] },
      ].toSorted((a, b) => (a.person === OLU ? -1 : b.person === OLU ? 1 : 0)),
    );
    expect(await world.kinds(next)).toEqual([
      'release.cut',
      'preflight.judged',
      'approval.kept',
      'approval.kept',
    ]);
    expect(lastWords(world)).toContain('Still approved by OLU for cart');
    await world.settle(next);
    // Ben's word for the release as a whole was about another one.
    expect((await world.state(next)).started).toBeUndefined();
    expect(await boardOf(world, next)).toContain(
      'Approved by OLU (for cart, kept) and BEN (for orders-api, kept)',
    );
    await approve(world, BEN, next);
    await world.settle(next);
    expect((await world.state(next)).ended?.outcome).toBe('released');
    expect(await world.inGit('cart')).toBe(digestOf(2));
    expect(await world.inGit('web')).toBe(digestOf(1));
  });

  it('does not keep what an owner approved of a service that is gone', async () => {
    const world = await shop();
    const old = await cutAll(world);
    await approve(world, WES, old);
    await world.ask(ANA, drop(['web']));
    expect((await world.state(await world.newest())).approvals).toEqual([]);
    expect(lastWords(world)).toContain('Asked again, because it is another release now: WES');
  });

  it('names what depends on it and asks whether that goes too', async () => {
    const world = await shop();
    const old = await cutAll(world);
    await world.ask(ANA, drop([SERVICE]));
    expect(lastWords(world)).toContain('cart depends on orders-api');
    expect((await world.state(old)).ended).toBeUndefined();
    await world.ask(ANA, buttonOf(world, { label: /Drop all 2/, kind: 'drop' }));
    expect(Object.keys((await world.state(await world.newest())).plan.services)).toEqual(['web']);
  });

  it('leaves in what depends on it when a person says so', async () => {
    const world = await shop();
    await cutAll(world);
    await world.ask(ANA, drop([SERVICE]));
    await world.ask(ANA, buttonOf(world, { label: /Drop only/, kind: 'drop' }));
    expect(Object.keys((await world.state(await world.newest())).plan.services).sort()).toEqual([
      'cart',
      'web',
    ]);
  });

  it('refuses a button of a card whose plan is another one by now', async () => {
    const world = await shop();
    const old = await cutAll(world);
    await world.ask(ANA, drop([SERVICE], { release: old }));
    const button = buttonOf(world, { label: /Drop all 2/, kind: 'drop' });
    await world.ask(ANA, { ...button, seen: { planHash: 'another', state: 'awaitingApproval' } });
    expect(lastWords(world)).toContain('another one by now. Not done');
    await world.ask(ANA, drop(['web'], { release: old }));
    await world.ask(ANA, button);
    expect(lastWords(world)).toContain('is over: it is superseded. Not done');
  });

  it('offers to cancel when nothing would be left', async () => {
    const world = await shop();
    const release = await cutAll(world);
    await world.ask(ANA, drop([SERVICE, 'cart', 'web']));
    expect(lastWords(world)).toContain('nothing is left to do');
    await world.ask(ANA, buttonOf(world, { label: /Cancel the release/, kind: 'abort' }));
    expect((await world.state(release)).ended?.outcome).toBe('cancelled');
  });

  it('refuses what has begun, and shows the way back instead', async () => {
    const world = await plainWorld({ more: { web: {} } });
    const release = await world.cut(2, [SERVICE, 'web']);
    await world.reconcile(release);
    await world.ask(ANA, drop(['web']));
    expect(lastWords(world)).toContain('has begun in prod');
    expect(buttonOf(world, { label: /Roll back/, kind: 'rollbackPlan' })).toMatchObject({ target: 'web' });
  });

  it('asks for the right to promote where the release was promoted', async () => {
    const world = await plainWorld({
      environment: {
        approvals: { required: 1, from: ['managers'], owners: 'none', expiresAfterMs: 3_600_000 },
        may: { cut: ['cutters'], approve: [], promote: ['managers'], resume: [], abort: [], rollback: [] },
      },
      more: { web: {} },
      roles: { cutters: [OLU, ANA] },
    });
    const release = await world.cut(2, [SERVICE, 'web']);
    const { ledger } = world.ports;
    const promoted = {
      ...world.ports,
      ledger: {
        ...ledger,
        read: async (stream: Parameters<typeof ledger.read>[0]) => {
          const view = await ledger.read(stream);
          const facts = view.facts.map((fact) =>
            fact.kind === 'release.cut'
              ? { ...fact, data: { ...Object(fact.data), promotedFrom: 'dev/shop-2026-11-20.1' } }
              : // Another object, so that nobody takes what is folded of these for what the ledger holds.
                { ...fact },
          );
          return { ...view, facts };
        },
      },
    };
    await world.ask(OLU, drop(['web'], { release }), promoted);
    expect(lastWords(world)).toContain('environments.prod.may.promote');
    await world.ask(OLU, drop(['web'], { release }));
    expect(lastWords(world)).toContain('takes the place of');
  });

  it('refuses people who may not cut, services that are not in it, and a branch that somebody pushed to', async () => {
    const world = await shop();
    const release = await cutAll(world);
    await world.ask(WES, drop(['web']));
    expect(lastWords(world)).toContain('environments.prod.may.cut');
    await world.ask(ANA, drop(['wbe']));
    expect(lastWords(world)).toMatch(/wbe is not in .*did you mean web/);
    const { text, path } = (await world.state(release)).manifest;
    await world.repository.push({ branch: `release/${release}`, files: { [path]: `${text}# by hand\n` } });
    await world.reconcile(release);
    await world.ask(ANA, drop(['web']));
    expect(lastWords(world)).toContain('Somebody pushed to the branch');
    expect((await world.state(release)).ended).toBeUndefined();
  });

  it('keeps what somebody wrote into a manifest that was taken over, and its adopter a maker', async () => {
    const world = await shop([ANA, BEN, CLEO, WES]);
    const release = await cutAll(world);
    const { text, path } = (await world.state(release)).manifest;
    const approvals = '  approvals:\n    required: 2\n';
    await world.repository.push({
      branch: `release/${release}`,
      files: { [path]: text.replace(/^spec:\n/m, `spec:\n${approvals}`) },
    });
    await world.reconcile(release);
    const head = (await world.state(release)).foreignPush?.head ?? '';
    await world.ask(BEN, { kind: 'adoptManifest', release, head });
    expect((await world.state(release)).plan.approvals.required).toBe(2);
    await world.ask(ANA, drop(['web']));
    const { plan } = await world.state(await world.newest());
    expect(plan.approvals.required).toBe(2);
    expect(plan.makers).toEqual([ANA, BEN]);
  });

  it('is done once, also when the request is carried out again after its answer was lost', async () => {
    const world = await shop();
    const old = await cutAll(world);
    const request = await world.ask(ANA, drop(['web']));
    const next = await world.newest();
    await world.carryOut(request);
    expect(await world.newest()).toBe(next);
    const ends = (await world.kinds(old)).filter((kind) => kind === 'release.ended');
    expect(ends).toHaveLength(1);
  });

  it('is all or nothing when the release begins in the same moment', async () => {
    const world = await shop();
    const old = await cutAll(world);
    const { ledger } = world.ports;
    let raced = false;
    const racing = {
      ...world.ports,
      ledger: {
        ...ledger,
        append: async (batch: Parameters<typeof ledger.append>[0]) => {
          const isDrop = batch.writes.some(({ facts }) => facts.some(({ kind }) => kind === 'release.cut'));
          if (isDrop && !raced) {
            raced = true;
            await approve(world, OLU, old);
          }
          return ledger.append(batch);
        },
      },
    };
    await world.ask(ANA, drop(['web']), racing);
    const next = await world.newest();
    expect((await world.state(next)).approvals).toMatchObject([{ person: OLU, services: ['cart'] }]);
    expect((await ledger.read(releaseStream(old))).facts.at(-1)?.kind).toBe('release.ended');
  });
});
