import type { AuditEvent } from '../../cluster/audit-log.ts';

/** Now, in milliseconds since 1970 with their fractions: comparable with what the API server writes on the same machine. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

/** A time of the audit log in milliseconds since 1970; it is written with microseconds, which `Date` cannot carry. */
export function momentOf(timestamp: string): number {
  const [, seconds = '', fraction = '0'] = /^(.*?)(?:\.(\d+))?Z$/.exec(timestamp) ?? [];
  return Date.parse(`${seconds}Z`) + Number(`0.${fraction}`) * 1000;
}

/** What is known of one PATCH of a Rollout. */
export interface PatchSeen {
  receivedMs: number;
  answeredMs: number;
}

/** The first PATCH that somebody's token made to a Rollout after a moment. Throws when there is none. */
export function firstPatch(
  events: readonly AuditEvent[],
  { user, namespace, afterMs }: { user: string; namespace: string; afterMs: number },
): PatchSeen {
  const found = events.find(
    ({ verb, objectRef, user: by, requestReceivedTimestamp }) =>
      verb === 'patch' &&
      objectRef?.resource === 'rollouts' &&
      objectRef.namespace === namespace &&
      by.username === user &&
      momentOf(requestReceivedTimestamp) >= afterMs,
  );
  if (found === undefined) throw new Error(`${user} patched no Rollout in ${namespace}`);
  if (found.responseStatus?.code !== 200)
    throw new Error(`the PATCH was answered with ${found.responseStatus?.code}`);
  return {
    receivedMs: momentOf(found.requestReceivedTimestamp),
    answeredMs: momentOf(found.stageTimestamp),
  };
}
