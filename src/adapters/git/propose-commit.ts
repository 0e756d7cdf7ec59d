import { UnavailableError } from '../../errors.ts';
import type { CommitRequest, Committed } from '../../ports/git.ts';
import { pushOutcome } from './push-outcome.ts';
import { branchFrom } from './ref-names.ts';
import { unlessStopped } from './unless-stopped.ts';
import type { Writer } from './writer.ts';

/**
 * Puts a commit that its branch would not take where a person can merge it. One operation has one proposal: asked again, the answer is
 * the same until the commit is found on the branch it is meant for.
 */
export async function proposeCommit(
  commit: string,
  { request, writer, reason }: { request: CommitRequest; writer: Writer; reason: string },
): Promise<Committed> {
  const { clone, operations, propose, signal } = writer;
  if (propose === undefined) return { kind: 'rejected', reason };
  const branch = branchFrom(propose, request.operation);
  const act = `Looking at ${branch} of ${request.repository}`;
  const present = await unlessStopped(signal, act, clone.fetch(branch));
  if (present !== undefined && (await operations.at(branch, present)).has(request.operation)) {
    return { kind: 'awaitingMerge', where: branch };
  }
  const outcome = pushOutcome(
    await clone.push(`${commit}:refs/heads/${branch}`, { signal }),
    `refs/heads/${branch}`,
  );
  switch (outcome.kind) {
    case 'landed':
      return { kind: 'awaitingMerge', where: branch };
    case 'protected':
    case 'declined':
      return {
        kind: 'rejected',
        reason: `${reason}; nor can it be proposed as ${branch}: ${outcome.reason}`,
      };
    case 'raced':
      return {
        kind: 'rejected',
        reason: `${reason}; and ${branch}, where it would be proposed, holds something else`,
      };
    case 'unknown':
    case 'stopped':
      throw new UnavailableError(
        `Proposing ${branch} of ${request.repository}: it is not known whether it arrived`,
        {
          ambiguous: true,
        },
      );
  }
}
