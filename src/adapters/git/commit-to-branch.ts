import { setTimeout as sleep } from 'node:timers/promises';
import type { OwnedKey } from '../../domain/content.ts';
import { UnavailableError } from '../../errors.ts';
import type { CommitRequest, Committed } from '../../ports/git.ts';
import { branchView } from './branch-view.ts';
import { commitMessage } from './commit-message.ts';
import { foundOperation } from './found-operation.ts';
import { prepareChange } from './prepare-change.ts';
import { proposeCommit } from './propose-commit.ts';
import { pushOutcome } from './push-outcome.ts';
import { unlessStopped } from './unless-stopped.ts';
import { type NewCommit, writeCommit } from './write-commit.ts';
import type { Writer } from './writer.ts';

/** Lost races in a row before somebody else gets the turn: with one writer for each installation more than two are rare. */
const MAX_TRIES = 12;

/** The pause after the first lost race, in milliseconds; the second is twice as long, and so on. */
const PAUSE_MS = 20;

/**
 * Brings one commit onto a branch, exactly once. The first try trusts what was last seen, which spares a contact: Git itself refuses
 * a push that was built on less. What is answered without asking the server is answered of a fresh look only. A commit is its own
 * record by its operation's trailer, which is looked for before every push and after every unclear one.
 */
export async function commitToBranch(request: CommitRequest, writer: Writer): Promise<Committed> {
  const act = `Committing to ${request.branch} of ${request.repository}`;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const base = await findBase(request, { writer, mayTrust: tries === 0 });
    if (base.kind === 'none') return { kind: 'rejected', reason: base.reason };
    const decided = await unlessStopped(writer.signal, act, decideOn(base, { request, writer }));
    if (decided.kind === 'build') {
      const pushed = await push(base, { request, writer, ...decided });
      if (pushed.kind !== 'raced') return pushed;
      await unlessStopped(writer.signal, act, sleep(PAUSE_MS * tries));
    } else if (base.isFresh) return decided;
  }
  throw new UnavailableError(`${act}: others were faster ${MAX_TRIES} times`);
}

/** Where a commit begins. Not fresh: as last seen. */
type KnownBase = { kind: 'base'; commit: string; exists: boolean; isFresh: boolean };
type Base = KnownBase | { kind: 'none'; reason: string };

async function findBase(
  { branch, startFrom, repository }: CommitRequest,
  { writer, mayTrust }: { writer: Writer; mayTrust: boolean },
): Promise<Base> {
  const { clone, signal } = writer;
  const seen = mayTrust ? clone.lastSeen(branch) : undefined;
  if (seen !== undefined) return { kind: 'base', commit: seen, exists: true, isFresh: false };
  const look = (name: string) =>
    unlessStopped(signal, `Looking at ${name} of ${repository}`, clone.fetch(name));
  const head = await look(branch);
  if (head !== undefined) return { kind: 'base', commit: head, exists: true, isFresh: true };
  const start = startFrom === undefined ? undefined : await look(startFrom);
  if (start !== undefined) return { kind: 'base', commit: start, exists: false, isFresh: true };
  return { kind: 'none', reason: `${repository} has no branch ${startFrom ?? branch}` };
}

interface Task {
  request: CommitRequest;
  writer: Writer;
}

type Decided = Committed | { kind: 'build'; files: NewCommit['files']; before: OwnedKey[] };

/**
 * What there is to do on a base. A branch that does not exist is begun even where no file changes, for its commit is the record;
 * and recovery moves it on even so, for then a push that was built before it loses.
 */
async function decideOn(base: KnownBase, { request, writer }: Task): Promise<Decided> {
  const { clone, operations, yaml } = writer;
  const done = (await operations.at(request.branch, base.commit)).get(request.operation);
  if (done !== undefined) return foundOperation(done, { request, writer });
  const refusal = await request.check?.(branchView(clone.objects, base.commit));
  if (refusal !== undefined) return { kind: 'rejected', reason: refusal };
  const change = await prepareChange({ objects: clone.objects, yaml }, base.commit, request);
  if (change.kind === 'rejected') return change;
  if (change.kind === 'change') return { kind: 'build', files: change.files, before: change.before };
  if (!base.exists || request.urgent) return { kind: 'build', files: [], before: change.before };
  return { kind: 'unchanged', commit: base.commit, before: change.before };
}

async function push(
  base: KnownBase,
  { request, writer, files, before }: Task & Extract<Decided, { kind: 'build' }>,
): Promise<Committed | { kind: 'raced' }> {
  const { clone, operations, committer, signal } = writer;
  const { branch, operation, author } = request;
  const message = commitMessage(request);
  const commit = await writeCommit(
    { parent: base.commit, files, message, author, committer, at: writer.now() },
    clone.local,
  );
  const ref = `refs/heads/${branch}`;
  const outcome = pushOutcome(await clone.push(`${commit}:${ref}`, { signal }), ref);
  switch (outcome.kind) {
    case 'landed':
      clone.moved(branch, commit);
      operations.add(branch, { onto: base.commit, commit, operation });
      return { kind: 'committed', commit, before, how: 'done' };
    case 'raced':
      return outcome;
    case 'protected':
      return proposeCommit(commit, { request, writer, reason: outcome.reason });
    case 'declined':
      return { kind: 'rejected', reason: outcome.reason };
    case 'unknown':
      return lookAfterwards({ request, writer }, outcome.reason);
    case 'stopped':
      throw unclear(request, 'gave way to recovery');
  }
}

/** The branch itself tells whether a push landed whose answer was lost. */
async function lookAfterwards({ request, writer }: Task, reason: string): Promise<Committed> {
  const { clone, operations, signal } = writer;
  const head = await unlessStopped(signal, 'Looking for the commit', clone.fetch(request.branch)).catch(
    (cause) => {
      throw unclear(request, reason, cause);
    },
  );
  const done =
    head === undefined ? undefined : (await operations.at(request.branch, head)).get(request.operation);
  if (done === undefined) throw unclear(request, reason);
  return foundOperation(done, { request, writer });
}

function unclear({ branch, repository }: CommitRequest, reason: string, cause?: unknown): UnavailableError {
  return new UnavailableError(`Pushing to ${branch} of ${repository}: ${reason}`, { ambiguous: true, cause });
}
