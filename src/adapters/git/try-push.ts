import { UnavailableError } from '../../errors.ts';
import type { Clone } from './clone.ts';
import { pushOutcome } from './push-outcome.ts';

/** Whether the bot may push, as far as can be told without doing it: a branch's own rules show themselves at the first push only. */
export type PushRight = { kind: 'allowed' } | { kind: 'refused'; reason: string };

/** Asks the server without moving anything; for a branch that does not exist, with what it would start from. */
export async function tryPush(
  clone: Clone,
  { branch, startFrom }: { branch: string; startFrom: string },
): Promise<PushRight> {
  const head = (await clone.fetch(branch)) ?? (await clone.fetch(startFrom));
  if (head === undefined) return { kind: 'refused', reason: `${clone.name} has no branch ${startFrom}` };
  const ref = `refs/heads/${branch}`;
  const outcome = pushOutcome(await clone.push(`${head}:${ref}`, { dryRun: true }), ref);
  if (outcome.kind === 'landed' || outcome.kind === 'raced') return { kind: 'allowed' };
  if (outcome.kind === 'declined' || outcome.kind === 'protected')
    return { kind: 'refused', reason: outcome.reason };
  throw new UnavailableError(
    `Trying a push to ${branch} of ${clone.name}: ${'reason' in outcome ? outcome.reason : 'given up'}`,
  );
}
