import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { StreamId } from '../../src/domain/ids.ts';
import type { NewFact } from '../../src/domain/ledger/fact.ts';
import { SEGMENT_HEAD_PATH } from '../../src/domain/ledger/segment.ts';
import { newSegmentKey, segmentSigner, segmentVerifier } from '../../src/domain/ledger/segment-key.ts';
import { TerminalError, UnavailableError } from '../../src/errors.ts';
import { type Archive, archiveFacts } from '../../src/jobs/archive-ledger.ts';
import { restoreLedger } from '../../src/jobs/restore-ledger.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import { ENVIRONMENT, ended, RELEASE, resumed, taken } from '../domain/ledger/facts.ts';
import { type MemoryGit, memoryGit } from '../simulation/ports/memory-git.ts';
import {
  createMemoryLedger,
  createMemoryLedgerStore,
  emptyMemoryLedger,
  type MemoryLedgerState,
} from '../simulation/ports/memory-ledger.ts';
import type { MemoryRepository } from '../simulation/ports/memory-repository.ts';
import { memoryYaml } from '../simulation/ports/memory-yaml.ts';

const pem = newSegmentKey();
const DEV: StreamId = 'release:dev/checkout-2026-11-20.1';
const START = Date.parse('2026-11-20T10:00:00Z');

describe('the ledger in Git', () => {
  let now: number;
  let state: MemoryLedgerState;
  let ledger: Ledger;
  let git: MemoryGit;
  let origin: MemoryRepository;
  const clock = { now: () => now };
  const chance = { id: () => randomUUID() };
  const open = (on: MemoryLedgerState) => createMemoryLedger({ state: on, clock, chance, sealing: 'real' });
  const archive: Archive = {
    installation: 'acme',
    repository: 'ledger',
    branch: 'signalbox-ledger',
    startFrom: 'main',
    production: 'prod',
    maxDelayMs: 30_000,
    signer: segmentSigner(pem),
    author: { name: 'Signalbox', email: 'signalbox@signalbox.invalid' },
  };
  const from = { ...archive, verifier: segmentVerifier([pem]) };

  beforeEach(async () => {
    now = START;
    state = emptyMemoryLedger();
    ledger = open(state);
    git = memoryGit({ yaml: memoryYaml(), committer: { name: 'Signalbox', email: 'bot@signalbox.invalid' } });
    origin = git.createRepository('ledger', { 'README.md': 'facts' });
  });

  const append = (stream: StreamId, ...facts: NewFact[]) =>
    ledger.append({ writes: [{ stream, facts, correlation: 'x' }], fences: {}, raises: {} });
  const ports = () => ({ ledger, git, clock });
  const archived = async () => {
    const turn = await archiveFacts(ports(), archive);
    if (turn.kind !== 'archived') throw new Error(`${turn.kind}`);
    return turn;
  };
  const restore = (into: MemoryLedgerState) =>
    restoreLedger({ git, store: createMemoryLedgerStore(into) }, from);

  describe('archiving', () => {
    beforeEach(async () => {
      // The incarnation's own opening goes at once.
      await archived();
    });

    it('takes what was decided on production at once, and everything before it along', async () => {
      await append(DEV, resumed('x'));
      expect(await archiveFacts(ports(), archive)).toMatchObject({ kind: 'waiting', dueInMs: 30_000 });
      await append(RELEASE, resumed('y'));
      expect(await archived()).toMatchObject({
        facts: 2,
        more: false,
        upTo: { last: 3, path: 'ledger/2026/11/20/2.jsonl' },
      });
    });

    it('takes everything else within its delay', async () => {
      await append(DEV, resumed('x'));
      now += 20_000;
      const waiting = await archiveFacts(ports(), archive);
      expect(waiting).toMatchObject({ kind: 'waiting', dueInMs: 10_000 });
      now += 10_000;
      expect(await archived()).toMatchObject({ facts: 1 });
      expect(await archiveFacts(ports(), archive)).toEqual({ kind: 'waiting', upTo: (await head()).place });
    });

    it('writes every fact once, however often its answer is lost', async () => {
      for (const when of ['before', 'after'] as const) {
        await append(RELEASE, resumed(when));
        const before = (await head()).place.last;
        origin.faultNextPush({ kind: 'cut', when });
        await archiveFacts(ports(), archive).catch((error) => expect(error).toBeInstanceOf(UnavailableError));
        const next = await archiveFacts(ports(), archive);
        expect(['archived', 'waiting']).toContain(next.kind);
        expect((await head()).place.last).toBe(before + 1);
      }
      expect(await restore(emptyMemoryLedger())).toMatchObject({ upTo: 3 });
    });

    it('is no worse for being done by two at once', async () => {
      await append(RELEASE, resumed('x'));
      const known = (await head()).place;
      const turns = await Promise.all([1, 2].map(() => archiveFacts(ports(), archive, known)));
      expect(turns.some((turn) => turn.kind === 'archived')).toBe(true);
      await append(RELEASE, resumed('y'));
      expect(await archiveFacts(ports(), archive, known)).toMatchObject({
        kind: 'refused',
        says: expect.stringContaining('Another process'),
      });
      await archived();
      expect(await restore(emptyMemoryLedger())).toMatchObject({ upTo: 3 });
    });

    it('catches up in pieces', async () => {
      for (let i = 0; i < 25; i++) await append(DEV, ...Array.from({ length: 50 }, () => resumed('x')));
      expect(await archived()).toMatchObject({ facts: 1_000, more: true });
      now += 30_000;
      expect(await archived()).toMatchObject({ facts: 250, more: false });
    });

    it('refuses to go on beside a history that this store does not have', async () => {
      await append(RELEASE, resumed('x'));
      await archived();
      ledger = open(emptyMemoryLedger());
      expect(await archiveFacts(ports(), archive)).toMatchObject({
        kind: 'diverged',
        says: expect.stringContaining('restore'),
      });
      await append(RELEASE, resumed('another'));
      expect(await archiveFacts(ports(), archive)).toMatchObject({ kind: 'diverged' });
    });

    const head = async () => {
      const text = await (await git.view('ledger', archive.branch))?.read(SEGMENT_HEAD_PATH);
      return { place: JSON.parse(text ?? '{}') };
    };
  });

  describe('restoring', () => {
    beforeEach(async () => {
      await append(ENVIRONMENT, taken('cart', 1), taken('cart', 2));
      await archived();
      await append(RELEASE, resumed('x'), ended());
      await append(DEV, resumed('y'));
      await archived();
    });

    it('gives an empty store everything, and opens an incarnation that says what may be missing', async () => {
      await append(RELEASE, resumed('lost: never archived'));
      const empty = emptyMemoryLedger();
      const upTo = await restore(empty);
      expect(upTo).toEqual({ upTo: 6, lastFactAt: new Date(START).toISOString(), incarnation: 1 });
      const restored = open(empty);
      expect(restored.incarnation()).toBe(2);
      expect(await restored.since(0, 6)).toEqual(await ledger.since(0, 6));
      const [, opening] = (await restored.read('installation')).facts;
      expect(opening?.data).toMatchObject({ incarnation: 2, restored: { upTo: 6 } });
      expect(await restored.append({ writes: [], fences: { 'prod/cart': 2 }, raises: {} })).toMatchObject({
        kind: 'appended',
      });
      expect(await restored.unfinished()).toContain(DEV);
    });

    it('goes on archiving where the history ended', async () => {
      const empty = emptyMemoryLedger();
      await restore(empty);
      ledger = open(empty);
      expect(await archived()).toMatchObject({ facts: 1, upTo: { last: 7 } });
      expect(await restore(emptyMemoryLedger())).toMatchObject({ upTo: 7, incarnation: 2 });
    });

    it('finds nothing where nothing was archived', async () => {
      git.createRepository('ledger', { 'README.md': 'facts' });
      expect(await restore(emptyMemoryLedger())).toBeUndefined();
      expect(
        await restoreLedger(
          { git, store: createMemoryLedgerStore(emptyMemoryLedger()) },
          { ...from, branch: 'main' },
        ),
      ).toBeUndefined();
    });

    const text = async (path: string) => (await (await git.view('ledger', archive.branch))?.read(path)) ?? '';
    const SECOND = 'ledger/2026/11/20/4.jsonl';

    it.each([
      [
        'altered segment',
        async () => ({ [SECOND]: (await text(SECOND)).replace('"x"', '"z"') }),
        /4\.jsonl is not the file that was archived/,
      ],
      ['missing segment', async () => ({ 'ledger/2026/11/20/1.jsonl': null }), /1\.jsonl is missing/],
      ['missing head', async () => ({ [SEGMENT_HEAD_PATH]: null }), /head\.json is missing/],
      ['unreadable head', async () => ({ [SEGMENT_HEAD_PATH]: '{}' }), /head\.json cannot be read/],
    ])('refuses an archive with a %s, and writes nothing', async (_what, change, says) => {
      await origin.push({ branch: archive.branch, files: await change(), message: 'tidy up' });
      const empty = emptyMemoryLedger();
      const refused = await restore(empty).catch((error) => error);
      expect(refused).toBeInstanceOf(TerminalError);
      expect(refused.message).toMatch(says);
      expect(empty).toEqual(emptyMemoryLedger());
    });

    it('refuses what another key signed', async () => {
      const stranger = { ...from, verifier: segmentVerifier([newSegmentKey()]) };
      const store = createMemoryLedgerStore(emptyMemoryLedger());
      await expect(restoreLedger({ git, store }, stranger)).rejects.toThrow(
        /not signed by a key of this installation/,
      );
    });

    it('waits for a Git that is away', async () => {
      git.setDown(true);
      await expect(restore(emptyMemoryLedger())).rejects.toThrow(UnavailableError);
    });
  });
});
