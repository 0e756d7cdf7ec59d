import type { PersonId } from '../../../src/domain/ids.ts';
import type { Request } from '../../../src/domain/request.ts';
import type { Message } from '../../../src/ports/message.ts';
import type { Draw } from '../world/draw.ts';
import { holdersOf } from '../world/people.ts';
import { buttonsOf, type Desk } from './desk.ts';

/** A release that has not ended, with the newest of what its channel says of it. */
export interface OpenRelease {
  id: string;
  messages: Message[];
}

/** How often somebody says "go on" to one release before they give it up. */
const PATIENCE = 2;
/** Looks without an end after which a release is given up. */
const GIVES_UP_AFTER = 60;

/**
 * People who answer whatever waits for them, by the buttons they are shown and nothing else: approve until nobody is left who
 * could, let go on what stands still, give up what does not get anywhere. `forgetful`: they leave approvals to expire.
 */
export function attendTo(desk: Desk, { draw, forgetful }: { draw: Draw; forgetful: boolean }) {
  const pressed = new Map<string, number>();
  const looks = new Map<string, number>();
  const press = (person: PersonId, does: Request, most: number): boolean => {
    const key = `${person} ${JSON.stringify(does)}`;
    const times = pressed.get(key) ?? 0;
    if (times >= most) return false;
    pressed.set(key, times + 1);
    desk.ask(person, does);
    return true;
  };
  const approve = (does: Request): void => {
    for (const person of holdersOf(['managers', 'owners-a', 'owners-b'])) if (press(person, does, 1)) return;
  };
  return (open: OpenRelease): void => {
    const look = (looks.get(open.id) ?? 0) + 1;
    looks.set(open.id, look);
    const buttons = open.messages.flatMap(buttonsOf);
    const does = buttons.map((button) => button.does);
    const find = (kind: Request['kind']) => does.find((one) => one.kind === kind);
    const [approval, adoption, resume, abort, reject] = (
      ['approve', 'adoptManifest', 'resume', 'abort', 'reject'] as const
    ).map(find);
    const manager = draw.pick(holdersOf(['managers']));
    const again = buttons.find(({ label }) => label === 'Put it back again')?.does;
    if (again) press(manager, again, 5);
    if (approval && !forgetful) approve(approval);
    if (adoption && !forgetful) press(draw.pick(holdersOf(['developers'])), adoption, 1);
    const isStuck = look > GIVES_UP_AFTER || (resume && pressedFor(pressed, resume) >= PATIENCE);
    if (reject && look > GIVES_UP_AFTER && !forgetful) press(manager, reject, 5);
    if (abort && isStuck) press(manager, abort, 5);
    else if (resume && look % 3 === 0) press(manager, resume, PATIENCE);
  };
}

function pressedFor(pressed: ReadonlyMap<string, number>, does: Request): number {
  const text = JSON.stringify(does);
  return [...pressed].reduce((sum, [key, times]) => (key.endsWith(text) ? sum + times : sum), 0);
}
