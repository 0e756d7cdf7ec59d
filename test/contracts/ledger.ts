import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SYSTEM } from '../../src/domain/actor.ts';
import type { StreamId } from '../../src/domain/ids.ts';
import { NO_HEAD, sealFact } from '../../src/domain/ledger/chain.ts';
import type { FactEnvelope, NewFact } from '../../src/domain/ledger/fact.ts';
import type { Ledger, StreamView, Write } from '../../src/ports/ledger.ts';

/** A ledger to be judged. */
export interface LedgerUnderTest {
  /** A program's ledger on the one store; several calls are several programs. */
  open(): Promise<Ledger>;
  /** Puts a fact at the end of a stream behind the ledgers' backs, as another version of the program would have. */
  inject(fact: Omit<FactEnvelope, 'seq'>): Promise<void>;
  close(): Promise<void>;
}

const AT = '2026-11-20T10:00:00.000Z';
const PROD: StreamId = 'environment:prod';

export function freed(...services: string[]): NewFact {
  const data = { release: 'prod/checkout-2026-11-20.1' as const, services };
  return { kind: 'tracks.freed', actor: SYSTEM, occurredAt: AT, clock: 'signalbox', data };
}

function resumed(reason: string): NewFact {
  return {
    kind: 'release.resumed',
    actor: SYSTEM,
    occurredAt: AT,
    clock: 'signalbox',
    data: { moments: [], reason },
  };
}

export function writeTo(view: StreamView, ...facts: NewFact[]): Write {
  return {
    stream: view.stream,
    expectedVersion: view.version,
    expectedHead: view.head,
    facts,
    correlation: 'prod/checkout-2026-11-20.1',
  };
}

const nothing = { fences: {}, raises: {} };
let streams = 0;

/** A stream that no other case has touched. */
function freshRelease(): StreamId {
  streams += 1;
  return `release:prod/checkout-2026-11-20.${streams}`;
}

/** What every ledger does. Cases share one store, so each uses streams and tracks of its own. */
export function ledgerContract(name: string, make: () => Promise<LedgerUnderTest>): void {
  describe(`the ledger, ${name}`, () => {
    let subject: LedgerUnderTest;
    let ledger: Ledger;
    let other: Ledger;
    beforeAll(async () => {
      subject = await make();
      ledger = await subject.open();
      other = await subject.open();
    });
    afterAll(() => subject.close());

    it('opens one incarnation, which later programs join', async () => {
      expect([ledger.incarnation(), other.incarnation()]).toEqual([1, 1]);
      const installation = await ledger.read('installation');
      expect(installation.facts[0]).toMatchObject({
        kind: 'incarnation.opened',
        version: 1,
        prevHash: NO_HEAD,
      });
    });

    it('shows a stream that does not exist as empty', async () => {
      expect(await ledger.read('release:prod/never-2026-11-20.1')).toEqual({
        stream: 'release:prod/never-2026-11-20.1',
        version: 0,
        head: NO_HEAD,
        facts: [],
      });
    });

    describe('appending', () => {
      let stream: StreamId;
      beforeEach(() => {
        stream = freshRelease();
      });

      it('gives facts their place in stream, chain and sequence, and everybody reads the same', async () => {
        const appended = await ledger.append({
          ...nothing,
          writes: [writeTo(await ledger.read(stream), resumed('a'), resumed('b'))],
        });
        const facts = appended.kind === 'appended' ? appended.facts : [];
        const [first, second] = facts;
        expect(facts.map((fact) => fact.version)).toEqual([1, 2]);
        expect(second?.prevHash).toBe(first?.hash);
        expect((second?.seq ?? 0) - (first?.seq ?? 0)).toBe(1);
        for (const reader of [ledger, other]) {
          expect(await reader.read(stream)).toEqual({ stream, version: 2, head: second?.hash, facts });
        }
      });

      it('refuses whoever decided on an older state, and writes nothing of it', async () => {
        const old = await other.read(stream);
        const environment = await other.read(PROD);
        await ledger.append({ ...nothing, writes: [writeTo(old, resumed('first'))] });
        const late = await other.append({
          ...nothing,
          writes: [writeTo(environment, freed('cart')), writeTo(old, resumed('late'))],
        });
        expect(late).toEqual({ kind: 'conflict', stream });
        expect((await other.read(PROD)).version).toBe(environment.version);
        expect(
          (await other.read(stream)).facts.map((fact) => (fact as { data: { reason?: string } }).data.reason),
        ).toEqual(['first']);
      });

      it('refuses whoever decided on another history of the same length', async () => {
        const view = await ledger.read(stream);
        await ledger.append({ ...nothing, writes: [writeTo(view, resumed('x'))] });
        const strange = { ...view, version: 1, head: 'f'.repeat(64) };
        expect(await ledger.append({ ...nothing, writes: [writeTo(strange, resumed('y'))] })).toEqual({
          kind: 'conflict',
          stream,
        });
      });

      it('appends at the end, wherever it is, when that is asked for', async () => {
        const many = Array.from({ length: 40 }, (_, i) => i);
        const answers = await Promise.all(
          many.map((i) =>
            (i % 2 ? ledger : other).append({
              ...nothing,
              writes: [{ stream, facts: [resumed(`${i}`)], correlation: 'x' }],
            }),
          ),
        );
        expect(answers.every((answer) => answer.kind === 'appended')).toBe(true);
        expect((await ledger.read(stream)).version).toBe(40);
      });

      it('is one act over several streams', async () => {
        const environment = await ledger.read(PROD);
        const appended = await ledger.append({
          ...nothing,
          writes: [writeTo(await ledger.read(stream), resumed('x')), writeTo(environment, freed('cart'))],
        });
        expect(appended.kind === 'appended' && appended.facts.map((fact) => fact.stream)).toEqual([
          stream,
          PROD,
        ]);
      });

      it('answers a repeated operation with what the first one did', async () => {
        const batch = {
          ...nothing,
          operation: `op-${stream}`,
          writes: [writeTo(await ledger.read(stream), resumed('once'))],
        };
        const first = await ledger.append(batch);
        for (const program of [ledger, other]) {
          const again = await program.append(batch);
          expect(again).toEqual({ kind: 'repeated', facts: first.kind === 'appended' ? first.facts : [] });
        }
        expect((await ledger.read(stream)).version).toBe(1);
      });

      it('refuses a fact that is not sound', async () => {
        const view = await ledger.read(stream);
        const unsound = {
          ...resumed('x'),
          data: { moments: [], text: 'what somebody wrote' },
        } as unknown as NewFact;
        await expect(ledger.append({ ...nothing, writes: [writeTo(view, unsound)] })).rejects.toThrow(
          /release\.resumed/,
        );
        expect((await ledger.read(stream)).version).toBe(0);
      });
    });

    describe('tracks', () => {
      const append = (batch: { fences?: Record<string, number>; raises?: Record<string, number> }) =>
        ledger.append({ writes: [], fences: {}, raises: {}, ...batch } as Parameters<Ledger['append']>[0]);

      it('gives a track that was never taken the epoch 0', async () => {
        expect(await append({ fences: { 'prod/a1': 0 } })).toMatchObject({ kind: 'appended' });
        expect(await append({ fences: { 'prod/a1': 1 } })).toEqual({
          kind: 'fenced',
          track: 'prod/a1',
          epoch: 0,
        });
      });

      it('lets only the holder of the present epoch act', async () => {
        await append({ raises: { 'prod/a2': 1 } });
        await append({ raises: { 'prod/a2': 2 } });
        expect(await append({ fences: { 'prod/a2': 1 } })).toEqual({
          kind: 'fenced',
          track: 'prod/a2',
          epoch: 2,
        });
        expect(await append({ fences: { 'prod/a2': 2 } })).toMatchObject({ kind: 'appended' });
      });

      it('never lowers or repeats an epoch', async () => {
        await append({ raises: { 'prod/a3': 5 } });
        for (const epoch of [4, 5]) {
          expect(await append({ raises: { 'prod/a3': epoch } })).toEqual({
            kind: 'fenced',
            track: 'prod/a3',
            epoch: 5,
          });
        }
      });

      it('raises nothing when one condition fails', async () => {
        const stream = freshRelease();
        const view = await ledger.read(stream);
        await ledger.append({ ...nothing, writes: [writeTo(view, resumed('x'))] });
        const late = { writes: [writeTo(view, resumed('y'))], fences: {}, raises: { 'prod/a4': 1 } as const };
        expect(await other.append(late)).toMatchObject({ kind: 'conflict' });
        expect(await append({ fences: { 'prod/a4': 0 } })).toMatchObject({ kind: 'appended' });
      });

      it('writes the epochs it was decided under into the facts', async () => {
        const stream = freshRelease();
        const appended = await ledger.append({
          writes: [writeTo(await ledger.read(stream), resumed('x'))],
          fences: { 'prod/a5': 0 },
          raises: { 'prod/a6': 1 },
        });
        expect(appended.kind === 'appended' && appended.facts[0]?.epochs).toEqual({ 'prod/a6': 1 });
      });
    });

    it('lists what is unfinished, oldest first, until it is closed', async () => {
      const [first, second] = [freshRelease(), freshRelease()];
      await ledger.append({
        ...nothing,
        writes: [writeTo(await ledger.read(first), resumed('x'))],
        opens: [first],
      });
      await ledger.append({
        ...nothing,
        writes: [writeTo(await ledger.read(second), resumed('x'))],
        opens: [second],
      });
      await ledger.append({ ...nothing, writes: [], opens: [first] });
      expect(await other.unfinished()).toEqual([first, second]);
      await ledger.append({ ...nothing, writes: [], closes: [first] });
      expect(await other.unfinished()).toEqual([second]);
      await ledger.append({ ...nothing, writes: [], closes: [second] });
    });

    it('lists streams by their last fact, newest first', async () => {
      const [older, newer] = [freshRelease(), freshRelease()];
      await ledger.append({ ...nothing, writes: [writeTo(await ledger.read(newer), resumed('x'))] });
      await ledger.append({ ...nothing, writes: [writeTo(await ledger.read(older), resumed('x'))] });
      await ledger.append({ ...nothing, writes: [writeTo(await ledger.read(newer), resumed('y'))] });
      expect(await other.recent('release', 2)).toEqual([newer, older]);
      expect(await other.recent('release', 0)).toEqual([]);
      expect(await other.recent('incident', 5)).toEqual([]);
    });

    it('tells the installation’s facts in order, over all streams', async () => {
      const [a, b] = [freshRelease(), freshRelease()];
      const last = (await ledger.since(0, 10_000)).length;
      for (const stream of [a, b, a]) {
        await ledger.append({
          ...nothing,
          writes: [writeTo(await ledger.read(stream), resumed('x'), resumed('y'))],
        });
      }
      const facts = await other.since(last, 100);
      expect(facts.map((fact) => [fact.seq - last, fact.stream, fact.version])).toEqual([
        [1, a, 1],
        [2, a, 2],
        [3, b, 1],
        [4, b, 2],
        [5, a, 3],
        [6, a, 4],
      ]);
      expect(await other.since(last + 2, 3)).toEqual(facts.slice(2, 5));
      expect(await other.since(last + 6, 3)).toEqual([]);
    });

    it('reads only what came after a place that is still so, and else everything', async () => {
      const stream = freshRelease();
      const first = await ledger.read(stream);
      await ledger.append({ ...nothing, writes: [writeTo(first, resumed('a'), resumed('b'))] });
      const known = await ledger.read(stream);
      await ledger.append({ ...nothing, writes: [writeTo(known, resumed('c'))] });
      for (const reader of [other, ledger]) {
        const after = await reader.read(stream, known);
        expect([after.after, after.version, after.facts.map((fact) => fact.version)]).toEqual([2, 3, [3]]);
        const wrong = await reader.read(stream, { version: 2, head: 'f'.repeat(64) });
        expect([wrong.after, wrong.facts.length]).toEqual([undefined, 3]);
      }
      expect((await other.read(stream)).facts).toHaveLength(3);
    });

    it('keeps a stream with facts of a newer program read-only, except for recovery', async () => {
      const stream = freshRelease();
      await ledger.append({ ...nothing, writes: [writeTo(await ledger.read(stream), resumed('a'))] });
      const [fact] = (await ledger.read(stream)).facts;
      if (fact === undefined) throw new Error('nothing was appended');
      const { hash, seq: _seq, ...rest } = fact;
      const newer = sealFact({
        ...rest,
        version: 2,
        prevHash: hash,
        kind: 'release.teleported',
        schemaVersion: 2,
      });
      await subject.inject(newer.fact);
      for (const program of [ledger, other]) {
        const view = await program.read(stream);
        expect(view.readOnly?.reason).toContain('release.teleported');
        expect(view.facts.map((known) => known.kind)).toEqual(['release.resumed']);
        const forward = await program.append({ ...nothing, writes: [writeTo(view, resumed('b'))] });
        expect(forward).toMatchObject({ kind: 'readOnly', stream });
      }
      const view = await other.read(stream);
      expect(
        await other.append({ ...nothing, writes: [writeTo(view, resumed('b'))], recovery: true }),
      ).toMatchObject({ kind: 'appended' });
    });
  });
}
