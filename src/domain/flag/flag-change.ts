import { z } from 'zod';
import type { EffectRecord } from '../effect-record.ts';
import { Judgement } from '../gate/planned-gate.ts';
import { ReleaseId, ServiceName } from '../ids.ts';
import { FlagRef, flagId } from './flag-ref.ts';
import { FlagSetting, FlagWanted } from './flag-setting.ts';
import type { PlannedFlag } from './planned-flag.ts';

/** That a flag becomes something: by a person's word, or because what brought it goes back. */
export const FlagAsked = z.strictObject({
  /** `FL<n>`, counted in its environment. */
  change: z.string(),
  ref: FlagRef,
  wanted: FlagWanted,
  why: z.enum(['turn', 'off', 'rollback']),
  /** Turned off, or back, because something is wrong: it counts as a failure and as the recovery from it. */
  urgent: z.boolean(),
  /** What it gave when it was asked for; it is changed from nothing else. Absent: whatever is there gives way. */
  seen: z.strictObject({ setting: FlagSetting, revision: z.string() }).optional(),
  /** The release that brought it; absent for a flag of no release. */
  release: ReleaseId.optional(),
  /** The rollback that takes it back. */
  rollback: ReleaseId.optional(),
  services: z.array(ServiceName),
  /** What the gates said of the step before. */
  judgements: z.array(Judgement).default([]),
});
export type FlagAsked = z.infer<typeof FlagAsked>;

/** A change with who asked for it, and what became of it before it was done. */
export interface FlagChange extends FlagAsked {
  at: string;
  /** A person's or policy's id. */
  by: string;
  /** The request that asked, so that it is carried out once. */
  cause?: string | undefined;
  /** The later change that took its place before it was done. */
  overtakenBy?: string | undefined;
}

/** A flag with the release that brought it last. */
export interface BroughtFlag {
  flag: PlannedFlag;
  release: ReleaseId;
  at: string;
}

/** An environment's flags as its facts say. */
export interface FlagsState {
  /** By `flagId`. */
  brought: Record<string, BroughtFlag>;
  /** Oldest first; those that are settled are kept only so far back. */
  changes: FlagChange[];
  /** How many there ever were. */
  count: number;
}

export type Effects = Readonly<Record<string, EffectRecord>>;

export function flagEffectId(change: string): string {
  return `flag/${change}`;
}

/** Whether nobody knows yet what became of it. */
export function isOpenChange(change: FlagChange, effects: Effects): boolean {
  const status = effects[flagEffectId(change.change)]?.status;
  return change.overtakenBy === undefined && (status === undefined || status.kind === 'open');
}

/** Changes of a flag that a new one makes pointless. */
export function openChangesOf(
  { flags, effects }: { flags: FlagsState; effects: Effects },
  ref: FlagRef,
): FlagChange[] {
  return flags.changes.filter(
    (change) => flagId(change.ref) === flagId(ref) && isOpenChange(change, effects),
  );
}

/** The newest change of a flag that was done, with what it gave before and after. */
export function lastDone(
  { flags, effects }: { flags: FlagsState; effects: Effects },
  ref: Pick<FlagRef, 'provider' | 'project' | 'key'>,
): { change: FlagChange; at: string; before: FlagSetting; after: FlagSetting } | undefined {
  for (const change of flags.changes.toReversed()) {
    const done = flagId(change.ref) === flagId(ref) ? doneOf(change, effects) : undefined;
    if (done) return { change, ...done };
  }
  return undefined;
}

/** When a change was done, and what the flag gave before and after; absent where it was not. */
export function doneOf(
  { change }: Pick<FlagAsked, 'change'>,
  effects: Effects,
): { at: string; before: FlagSetting; after: FlagSetting } | undefined {
  const status = effects[flagEffectId(change)]?.status;
  if (status?.kind !== 'done' || status.receipt.flag === undefined) return undefined;
  return { at: status.receipt.at, ...status.receipt.flag };
}
