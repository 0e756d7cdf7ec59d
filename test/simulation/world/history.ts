import type { Actor } from '../../../src/domain/actor.ts';
import type { FactEnvelope } from '../../../src/domain/ledger/fact.ts';
import type { AcceptedRequest } from '../../../src/domain/request.ts';
import type { ClusterEffect } from '../../../src/ports/cluster.ts';
import type { Answer, Message } from '../../../src/ports/message.ts';

/** What a Rollout and Git really show of a placement at one moment, read past the product. */
export interface Standing {
  environment: string;
  service: string;
  placement: string;
  /** Digest that Git says; absent when its file says none. */
  inGit: string | undefined;
  /** Digest that the pod template asks for. */
  asked: string | undefined;
  /** Digests that ready pods of the stable ReplicaSet report. */
  serving: string[];
  /** Ready pods of other ReplicaSets that are not being scaled down. */
  others: number;
  phase: string;
}

/** One thing that happened, wherever that was. `at` and `issuedAt` are milliseconds since 1970. */
export type Entry = { at: number } & (
  | {
      kind: 'fact';
      fact: FactEnvelope;
      /** What was so when a claim was recorded; absent for facts that claim nothing of the cluster. */
      standings?: Standing[];
      /** What was so of each placement, by name, when the API server was last asked about it. */
      looked?: ReadonlyMap<string, Standing>;
    }
  /** A branch moved by one commit. */
  | {
      kind: 'commit';
      repository: string;
      branch: string;
      commit: string;
      /** Absent for what people pushed by hand. */
      operation?: string;
      /** When the job asked for it; absent for what people pushed. */
      issuedAt?: number;
      /** File to the digest it says now, of the files whose digest changed. */
      digests: Record<string, string>;
    }
  | {
      kind: 'write';
      effect: ClusterEffect;
      actor: Actor;
      placement: string;
      part: 'spec' | 'status';
      isEffective: boolean;
      issuedAt: number;
    }
  | { kind: 'post'; channel: string; ts: string; operation: string; message: Message }
  | { kind: 'edit'; channel: string; ts: string; message: Message }
  /** A job tried to tell a person; whether it arrived is Slack's. `delivery`: what they had sent. */
  | { kind: 'answer'; delivery: string; person: string; answer: Answer }
  /** `delivery`: the one act of a person behind it, however often it was sent. */
  | { kind: 'accepted'; request: AcceptedRequest; delivery: string }
  | { kind: 'finished'; request: string }
  | { kind: 'crash'; worker: string; call: string; when: 'before' | 'after' }
  /** An append was refused because somebody else had been faster, or had taken the track. */
  | { kind: 'overtaken'; how: 'conflict' | 'fenced' }
  /** A look failed for another reason than that something is away. */
  | { kind: 'defect'; says: string }
);

/** Everything that happened in one simulated world, in order. */
export interface History {
  readonly entries: readonly Entry[];
  add(entry: Entry): void;
  onAdded(listener: (entry: Entry) => void): void;
}

export function createHistory(): History {
  const entries: Entry[] = [];
  const listeners: ((entry: Entry) => void)[] = [];
  return {
    entries,
    add(entry) {
      entries.push(entry);
      for (const listener of listeners) listener(entry);
    },
    onAdded: (listener) => void listeners.push(listener),
  };
}

export type EntryOf<K extends Entry['kind']> = Extract<Entry, { kind: K }>;

/** The entries of one kind, in order. */
export function entriesOf<K extends Entry['kind']>(history: History, kind: K): EntryOf<K>[] {
  return history.entries.filter((entry): entry is EntryOf<K> => entry.kind === kind);
}
