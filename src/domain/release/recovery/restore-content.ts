import { restoreIntents } from '../commits.ts';
import { emptyTurn, type Look, type Turn, type Wait } from '../look.ts';

/** Commits the whole change set back, one commit for each repository. */
export function restoreContent(look: Look): Turn {
  const { effects } = look.release;
  const group = [];
  const waits: Wait[] = [];
  for (const intent of restoreIntents(look.release)) {
    const status = effects[intent.id]?.status;
    if (status === undefined || status.kind === 'open') group.push(intent);
    if (status?.kind === 'refused' && intent.effect.kind === 'git.commit') {
      // A merge that a person makes is found by asking again; a rule that refuses us is shown until a person changes it.
      group.push(intent);
      waits.push({ kind: 'merge', repository: intent.effect.repository, says: status.says });
    }
  }
  return { ...emptyTurn(), perform: group.length > 0 ? [group] : [], waits };
}
