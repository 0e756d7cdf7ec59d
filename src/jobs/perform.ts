import type { Actor } from '../domain/actor.ts';
import type { Effect, Intent, Receipt } from '../domain/effect.ts';
import type { EffectRecord } from '../domain/effect-record.ts';
import type { EnvironmentState } from '../domain/environment/environment-state.ts';
import { releaseStream, type StreamId } from '../domain/ids.ts';
import type { NewFact } from '../domain/ledger/fact.ts';
import type { ReleaseState } from '../domain/release/release-state.ts';
import type { Rules } from '../domain/rules.ts';
import { TerminalError, UnavailableError } from '../errors.ts';
import type { Ports } from '../ports/ports.ts';
import { checkBase } from './check-base.ts';
import type { Reading } from './read-state.ts';
import { asTracks, recordAlways, stamp, writeTo } from './record.ts';

export type PerformPorts = Pick<Ports, 'ledger' | 'git' | 'yaml' | 'cluster' | 'directory' | 'clock'>;

export type Performed =
  /** Receipts or refusals were recorded: look again. */
  | { kind: 'settled' }
  /** Nothing new: the target still answers as it did. */
  | { kind: 'unchanged' }
  /** Somebody appended first, or the release no longer holds its tracks: decide again. */
  | { kind: 'overtaken' }
  /** Could not be done now. */
  | { kind: 'later'; effect: string; says: string; retryAfterMs: number };

/** How an act ended at its target. */
type Outcome =
  | { kind: 'done'; receipt: Receipt }
  | {
      kind: 'refused';
      why: 'rejected' | 'stale' | 'forbidden' | 'missing' | 'awaitingMerge';
      says: string;
      receipt?: Receipt | undefined;
    };

/** Wait before an act is tried again whose target did not say how long. */
const RETRY_MS = 1_000;

/**
 * The one way an effect of a release happens: record the intents under the tracks' epochs, look and act with the intent's id as
 * idempotency key, record the receipts. A crash between any two lines leaves an open intent, which is performed again.
 */
export async function performGroup(
  ports: PerformPorts,
  rules: Pick<Rules, 'repositories'>,
  work: { release: Reading<ReleaseState>; intents: readonly Intent[] },
): Promise<Performed[]> {
  const { release, intents } = work;
  if (!(await recordIntents(ports, release, intents))) return [{ kind: 'overtaken' }];
  return Promise.all(intents.map((intent) => performOne(ports, rules, { release: release.state, intent })));
}

async function recordIntents(
  { ledger, clock }: Pick<Ports, 'ledger' | 'clock'>,
  { state, at }: Reading<ReleaseState>,
  intents: readonly Intent[],
): Promise<boolean> {
  const fresh = intents.filter((intent) => state.effects[intent.id] === undefined);
  const facts = fresh.map((intent) =>
    stamp(clock, { kind: 'effect.intended', actor: intent.onBehalfOf, data: intent }),
  );
  const appended = await ledger.append({
    // What was intended before is done under the same fences: nothing is written, and the epochs are compared all the same.
    writes: facts.length > 0 ? [writeTo(at, facts, state.id)] : [],
    fences: asTracks(state.environment, state.started?.epochs ?? {}),
    raises: {},
    recovery: state.plan.type === 'rollback',
  });
  if (appended.kind === 'readOnly') throw new TerminalError(`${at.stream} is read-only: ${appended.reason}`);
  return appended.kind === 'appended' || appended.kind === 'repeated';
}

/**
 * The same for what is done to an environment as a whole: it holds no tracks, and nothing that holds one keeps it back.
 */
export async function performInEnvironment(
  ports: Pick<Ports, 'ledger' | 'flags' | 'clock'>,
  { environment, intent, note }: { environment: Reading<EnvironmentState>; intent: Intent; note: string },
): Promise<Performed> {
  const { state, at } = environment;
  const { effect } = intent;
  if (effect.kind !== 'flag.set') throw new TypeError(`${effect.kind} belongs to a release`);
  if (state.effects[intent.id] === undefined) {
    const fact = stamp(ports.clock, { kind: 'effect.intended', actor: intent.onBehalfOf, data: intent });
    const appended = await ports.ledger.append({
      writes: [writeTo(at, [fact], state.name)],
      fences: {},
      raises: {},
      recovery: true,
    });
    if (appended.kind === 'readOnly')
      throw new TerminalError(`${at.stream} is read-only: ${appended.reason}`);
    if (appended.kind === 'conflict' || appended.kind === 'fenced') return { kind: 'overtaken' };
  }
  const settling = { stream: at.stream, intent, known: state.effects[intent.id], recovery: true };
  return settle(ports, settling, async () => {
    const set = await ports.flags.set({ ref: effect.ref, to: effect.to, expects: effect.expects, note });
    if (set.kind === 'refused') return set;
    const { kind: how, before, after } = set;
    return {
      kind: 'done',
      receipt: { at: new Date(ports.clock.now()).toISOString(), how, flag: { before, after } },
    };
  });
}

function performOne(
  ports: PerformPorts,
  rules: Pick<Rules, 'repositories'>,
  { release, intent }: { release: ReleaseState; intent: Intent },
): Promise<Performed> {
  const settling = {
    stream: releaseStream(release.id),
    intent,
    known: release.effects[intent.id],
    recovery: release.plan.type === 'rollback',
  };
  return settle(ports, settling, () => act(ports, rules, { release, intent }));
}

/** Acts, and records how it ended at its target. */
async function settle(
  ports: Pick<Ports, 'ledger' | 'clock'>,
  settling: { stream: StreamId; intent: Intent; known: EffectRecord | undefined; recovery: boolean },
  acting: () => Promise<Outcome>,
): Promise<Performed> {
  const { stream, intent, known, recovery } = settling;
  let outcome: Outcome;
  try {
    outcome = await acting();
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    return {
      kind: 'later',
      effect: intent.id,
      says: error.message,
      retryAfterMs: error.retryAfterMs ?? RETRY_MS,
    };
  }
  if (outcome.kind === 'refused' && alreadyRefused(known, outcome)) return { kind: 'unchanged' };
  const fact: NewFact =
    outcome.kind === 'done'
      ? stamp(ports.clock, {
          kind: 'effect.done',
          actor: intent.onBehalfOf,
          data: { effect: intent.id, receipt: outcome.receipt },
        })
      : stamp(ports.clock, {
          kind: 'effect.refused',
          actor: intent.onBehalfOf,
          data: refusalOf(intent, outcome),
        });
  await recordAlways(ports.ledger, stream, [fact], { recovery });
  return { kind: 'settled' };
}

function refusalOf({ id }: Pick<Intent, 'id'>, { why, says, receipt }: Outcome & { kind: 'refused' }) {
  return { effect: id, why, says, ...(receipt && { receipt }) };
}

function alreadyRefused(known: EffectRecord | undefined, outcome: Outcome & { kind: 'refused' }): boolean {
  const status = known?.status;
  return status?.kind === 'refused' && status.why === outcome.why && status.says === outcome.says;
}

async function act(
  ports: PerformPorts,
  rules: Pick<Rules, 'repositories'>,
  work: { release: ReleaseState; intent: Intent },
): Promise<Outcome> {
  const { effect, onBehalfOf } = work.intent;
  switch (effect.kind) {
    case 'git.commit':
      return commit(ports, rules, { ...work, effect });
    case 'argocd.refresh':
    case 'rollout.abort':
    case 'rollout.resume':
    case 'rollout.promoteFull':
    case 'rollout.pause':
    case 'rollout.retry':
    case 'rollout.wake':
    case 'rollout.undo': {
      const done = await ports.cluster.perform(effect, onBehalfOf);
      if (done.kind === 'done' || done.kind === 'found') return { kind: 'done', receipt: done.receipt };
      return { kind: 'refused', why: done.kind, says: done.reason, receipt: done.receipt };
    }
    case 'flag.set':
      throw new TypeError('a flag is set for an environment, not for a release');
    case 'chat.post':
    case 'chat.createChannel':
      throw new TypeError(`${effect.kind} is said by the speaking job, not performed for a release`);
  }
}

async function commit(
  ports: PerformPorts,
  rules: Pick<Rules, 'repositories'>,
  work: { release: ReleaseState; intent: Intent; effect: Extract<Effect, { kind: 'git.commit' }> },
): Promise<Outcome> {
  const { release, intent, effect } = work;
  const recovery = release.plan.type === 'rollback';
  const { startFrom, repository, files, keys, subject, body, trailers } = effect;
  const branch = effect.branch ?? rules.repositories[repository]?.branch ?? 'main';
  const committed = await ports.git.commit({
    repository,
    branch,
    ...(startFrom && { startFrom }),
    operation: `${release.id}#${intent.id}`,
    files,
    keys,
    subject,
    body,
    trailers,
    author: authorOf(ports.directory, intent.onBehalfOf),
    urgent: recovery,
    ...(effect.branch === undefined && { check: (base) => checkBase(ports, release, { base, repository }) }),
  });
  const at = new Date(ports.clock.now()).toISOString();
  switch (committed.kind) {
    case 'committed':
      return {
        kind: 'done',
        receipt: {
          at,
          how: committed.how,
          git: { commit: committed.commit, branch, before: committed.before },
        },
      };
    case 'unchanged':
      return {
        kind: 'done',
        receipt: { at, how: 'found', git: { commit: committed.commit, branch, before: committed.before } },
      };
    case 'awaitingMerge':
      return { kind: 'refused', why: 'awaitingMerge', says: committed.where };
    case 'rejected':
      return { kind: 'refused', why: 'rejected', says: committed.reason };
  }
}

/** A person's address is their identity, not a mailbox: Git hosts would link a guessed one to the wrong account. */
function authorOf(
  directory: Pick<Ports['directory'], 'nameOf'>,
  actor: Actor,
): { name: string; email: string } {
  return { name: directory.nameOf(actor.id), email: `${actor.id.replaceAll(':', '.')}@signalbox.invalid` };
}
