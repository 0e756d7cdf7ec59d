import type { CommitRequest } from '../../ports/git.ts';
import { isBranchName } from './ref-names.ts';

/** Why a request can be carried out nowhere; absent when it can. Files are looked at when they are written. */
export function requestFault({
  repository,
  branch,
  startFrom,
  operation,
  keys,
}: CommitRequest): string | undefined {
  const names = startFrom === undefined ? [branch] : [branch, startFrom];
  const wrong = names.find((name) => !isBranchName(name));
  if (wrong !== undefined) return `${JSON.stringify(wrong)} is no name of a branch`;
  if (operation.trim() === '' || operation !== operation.trim() || /\p{Cc}/u.test(operation)) {
    return `${JSON.stringify(operation)} is no name of an operation`;
  }
  const stranger = keys.find((key) => key.repository !== repository);
  return stranger && `a commit to ${repository} cannot set keys of ${stranger.repository}`;
}
