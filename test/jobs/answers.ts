import type { Request, RequestKind } from '../../src/domain/request.ts';
import type { Answer, Button } from '../../src/ports/message.ts';
import { wordsOf } from '../views/fixtures.ts';

/** Told to one person, as `plainWorld` keeps it. */
interface Told {
  workspace: { told: readonly { answer: Answer }[] };
}

/** The newest answer anybody got. */
export function lastAnswer({ workspace }: Told): Answer {
  const told = workspace.told.at(-1);
  if (told === undefined) throw new Error('nobody was told anything');
  return told.answer;
}

/** Every word of the newest answer, the file of a long one included. */
export function lastWords(world: Told): string {
  const answer = lastAnswer(world);
  return answer.kind === 'file' ? `${wordsOf(answer.message)}\n${answer.text}` : wordsOf(answer);
}

/** What the newest answer's button of this label does. Throws when there is no such button. */
export function buttonOf<K extends RequestKind>(
  world: Told,
  { label, kind }: { label: RegExp; kind: K },
): Extract<Request, { kind: K }> {
  const answer = lastAnswer(world);
  const blocks = answer.kind === 'form' ? answer.form.message.blocks : answer.message.blocks;
  const buttons = blocks.flatMap((block): Button[] => (block.kind === 'buttons' ? block.buttons : []));
  const found = buttons.find((button) => label.test(button.label));
  if (found === undefined || !('does' in found) || !is(found.does, kind)) {
    throw new Error(`no button ${label} among ${buttons.map((button) => button.label).join(', ')}`);
  }
  return found.does;
}

function is<K extends RequestKind>(request: Request, kind: K): request is Extract<Request, { kind: K }> {
  return request.kind === kind;
}
