import { z } from 'zod';
import { EnvironmentName, IncidentId, ReleaseId } from '../../domain/ids.ts';
import type { Bell } from '../../ports/bells.ts';

/**
 * The queues, each with workers of its own: nothing else that is to be done ever stands before a recovery, and words never stand
 * before deeds. (BullMQ's priorities put prioritised jobs behind plain ones, measured with BullMQ 6.7.)
 */
export const QUEUES = ['look', 'recovery', 'speak'] as const;
export type QueueName = (typeof QUEUES)[number];

/** Which bells may come out of which queue. */
export const KINDS: Readonly<Record<QueueName, readonly Bell['kind'][]>> = {
  look: ['request', 'release', 'incident'],
  // A kill switch is recovery too.
  recovery: ['recovery', 'request', 'flags'],
  speak: ['speak'],
};

export function queueOf(bell: Bell): QueueName {
  switch (bell.kind) {
    case 'request':
      return bell.urgent ? 'recovery' : 'look';
    case 'recovery':
    case 'flags':
      return 'recovery';
    case 'speak':
      return 'speak';
    case 'release':
    case 'incident':
      return 'look';
  }
}

/** What a bell is about, with its kind: rings with the same subject are one ring. */
export function subjectOf(bell: Bell): string {
  switch (bell.kind) {
    case 'request':
      return `request:${bell.id}`;
    case 'release':
    case 'recovery':
      return `${bell.kind}:${bell.release}`;
    case 'speak':
      return `speak:${bell.subject}`;
    case 'incident':
      return `incident:${bell.incident}`;
    case 'flags':
      return `flags:${bell.environment}`;
  }
}

/** The lease under which a bell is answered. A release has one, whichever of its two bells is rung. */
export function leaseOf(bell: Bell): string {
  return bell.kind === 'recovery' ? `look:release:${bell.release}` : `look:${subjectOf(bell)}`;
}

/** A bell as it comes back out of Redis. */
export const BellShape: z.ZodType<Bell> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('request'), id: z.string(), urgent: z.boolean().optional() }),
  z.strictObject({ kind: z.literal('release'), release: ReleaseId }),
  z.strictObject({ kind: z.literal('recovery'), release: ReleaseId }),
  z.strictObject({ kind: z.literal('speak'), subject: z.union([ReleaseId, IncidentId]) }),
  z.strictObject({ kind: z.literal('incident'), incident: IncidentId }),
  z.strictObject({ kind: z.literal('flags'), environment: EnvironmentName }),
]) as z.ZodType<Bell>;

/** A bell as an alarm's name: the same text for the same bell. */
export function bellToText(bell: Bell): string {
  return JSON.stringify(bell, Object.keys(bell).sort());
}

/** Throws for what is no bell of this version. */
export function bellFromText(text: string): Bell {
  return BellShape.parse(JSON.parse(text));
}
