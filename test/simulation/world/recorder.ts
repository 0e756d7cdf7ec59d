import { placementId } from '../../../src/domain/catalog/placement.ts';
import type { FactEnvelope } from '../../../src/domain/ledger/fact.ts';
import type { ClusterEffect } from '../../../src/ports/cluster.ts';
import type { CommitRequest } from '../../../src/ports/git.ts';
import type { Ports } from '../../../src/ports/ports.ts';
import type { Written } from '../ports/memory-cluster.ts';
import type { MemoryCommit, MemoryRepository } from '../ports/memory-repository.ts';
import type { History, Standing } from './history.ts';
import type { Witness } from './line.ts';
import { digestIn } from './shop.ts';

interface RecorderOptions {
  history: History;
  now(): number;
  /** What is really so in an environment at this moment. */
  standings(environment: string): Standing[];
}

/** Keeps the record of what happens at the targets, whoever asked for it. */
export interface Recorder {
  witness: Witness;
  /** The same ports, with everything that they do written down. */
  ports(ports: Ports): Ports;
  onWritten(written: Written): void;
  watch(name: string, repository: Pick<MemoryRepository, 'onMoved'>): void;
}

/** Facts that say something of what runs. */
const CLAIMS: ReadonlySet<string> = new Set([
  'service.proved',
  'recovery.reached',
  'release.ended',
  'content.verified',
]);

export function createRecorder({ history, now, standings }: RecorderOptions): Recorder {
  const asked = new WeakMap<object, number>();
  const looked = new Map<string, Standing>();
  const committing = new Map<string, number[]>();
  const issuedAt = (what: object): number => asked.get(what) ?? now();
  return {
    witness: {
      asked: (what: ClusterEffect | CommitRequest) => void asked.set(what, now()),
      replied: (address, answer) => {
        if (address.kind !== 'slack') return;
        const { user, responseUrl = '' } = address;
        history.add({ kind: 'answer', at: now(), delivery: responseUrl, person: user, answer });
      },
      finished: (request) => history.add({ kind: 'finished', at: now(), request }),
    },
    ports: (ports) => ({
      ...ports,
      ...recorded(ports, { history, now, standings, looked }),
      cluster: {
        ...ports.cluster,
        async look(placement) {
          const seen = await ports.cluster.look(placement);
          const name = placementId(placement);
          const standing = standings(placement.namespace).find((one) => one.placement === name);
          if (standing) looked.set(name, standing);
          return seen;
        },
      },
      git: {
        ...ports.git,
        async commit(request) {
          const { operation } = request;
          const at = issuedAt(request);
          committing.set(operation, [...(committing.get(operation) ?? []), at]);
          try {
            return await ports.git.commit(request);
          } finally {
            const left = committing.get(operation) ?? [];
            committing.set(operation, left.toSpliced(left.indexOf(at), 1));
          }
        },
      },
    }),
    onWritten: (written) =>
      history.add({ kind: 'write', at: now(), ...written, issuedAt: issuedAt(written.effect) }),
    watch(name, repository) {
      repository.onMoved((branch, commit) => {
        const { operation, id } = commit;
        // Of several askings for one operation the first counts: it is the one with the oldest right.
        const [first = now()] = committing.get(operation ?? '') ?? [];
        const done = { repository: name, branch, commit: id, digests: newDigests(commit) };
        history.add({ kind: 'commit', at: now(), ...done, ...(operation && { operation, issuedAt: first }) });
      });
    },
  };
}

function recorded(
  { ledger, inbox, chat }: Ports,
  { history, now, standings, looked }: RecorderOptions & { looked: ReadonlyMap<string, Standing> },
): Pick<Ports, 'ledger' | 'inbox' | 'chat'> {
  const note = (fact: FactEnvelope): void => {
    const environment = CLAIMS.has(fact.kind) ? environmentOf(fact) : undefined;
    const seen =
      environment === undefined ? {} : { standings: standings(environment), looked: new Map(looked) };
    history.add({ kind: 'fact', at: now(), fact, ...seen });
  };
  return {
    ledger: {
      ...ledger,
      async append(batch) {
        const appended = await ledger.append(batch);
        if (appended.kind === 'appended') for (const fact of appended.facts) note(fact);
        if (appended.kind === 'conflict' || appended.kind === 'fenced')
          history.add({ kind: 'overtaken', at: now(), how: appended.kind });
        return appended;
      },
    },
    inbox: {
      ...inbox,
      async accept(request) {
        const accepted = await inbox.accept(request);
        const { replyTo } = request;
        const delivery = replyTo.kind === 'slack' ? (replyTo.responseUrl ?? '') : '';
        if (accepted === 'accepted') history.add({ kind: 'accepted', at: now(), request, delivery });
        return accepted;
      },
    },
    chat: {
      ...chat,
      async post(post) {
        const posted = await chat.post(post);
        const { channel, operation, message } = post;
        if (posted.kind === 'posted')
          history.add({ kind: 'post', at: now(), channel, ts: posted.ts, operation, message });
        return posted;
      },
      async edit(edit) {
        const edited = await chat.edit(edit);
        const { channel, ts, message } = edit;
        if (edited.kind === 'edited') history.add({ kind: 'edit', at: now(), channel, ts, message });
        return edited;
      },
    },
  };
}

/** The environment that a fact is about: of its stream, or of the release it belongs with. */
function environmentOf({ stream, correlation }: FactEnvelope): string {
  return stream.startsWith('environment:')
    ? stream.slice('environment:'.length)
    : (correlation.split('/')[0] ?? '');
}

function newDigests({ files, parent }: MemoryCommit): Record<string, string> {
  const changed = [...files].filter(([path, text]) => parent?.files.get(path) !== text);
  const digests = changed.flatMap(([path, text]): [string, string][] => {
    const digest = digestIn(text);
    return digest === undefined || digest === digestIn(parent?.files.get(path)) ? [] : [[path, digest]];
  });
  return Object.fromEntries(digests);
}
