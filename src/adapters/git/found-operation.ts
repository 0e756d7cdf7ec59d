import type { CommitRequest, Committed } from '../../ports/git.ts';
import { prepareChange } from './prepare-change.ts';
import type { Writer } from './writer.ts';

/**
 * The answer for an operation whose commit is on the branch already: made before a crash, by a push whose answer was lost, or merged
 * by a person. What was there before is read from the commit's parent. A commit that says it is this operation and holds something
 * else is not believed: a proposal may have been changed before it was merged.
 */
export async function foundOperation(
  commit: string,
  { request, writer }: { request: CommitRequest; writer: Pick<Writer, 'clone' | 'yaml'> },
): Promise<Committed> {
  const workshop = { objects: writer.clone.objects, yaml: writer.yaml };
  const holds = await prepareChange(workshop, commit, request);
  if (holds.kind !== 'same') {
    const reason = `commit ${commit.slice(0, 12)} is marked as this operation, but holds something else`;
    return { kind: 'rejected', reason };
  }
  const parent = await parentOf(commit, writer);
  const was = parent === undefined ? undefined : await prepareChange(workshop, parent, request);
  const nothing = request.keys.map((key) => ({ ...key, value: null }));
  const before = was === undefined || was.kind === 'rejected' ? nothing : was.before;
  return { kind: 'committed', commit, before, how: 'found' };
}

/** The commit that a commit was built on; the first one of a merge. Absent for the first of a repository. */
async function parentOf(commit: string, { clone }: Pick<Writer, 'clone'>): Promise<string | undefined> {
  const { body } = await clone.objects.need(commit);
  const [head = ''] = body.toString().split('\n\n', 1);
  return /^parent ([0-9a-f]+)$/m.exec(head)?.[1];
}
