import type { SeenMessage } from '../../src/sandbox/workspace/people/seen.ts';
import type { World } from '../../src/sandbox/world.ts';
import { PATIENCE_MS } from './world.ts';

/** What people do at their screens in a journey, and what they read there. Names are those of the sandbox's people. */
export interface People {
  /** Types a command and gives what only this person is told about it, once it says `words`. */
  types(person: string, command: string, words: RegExp): Promise<string>;
  /** Types a command that opens a modal, and gives what stands in it once it says `words`. */
  opens(person: string, command: string, words: RegExp): Promise<string>;
  /** Presses a button of the newest message in an environment's channel that has it, confirming where that is asked. */
  presses(person: string, environment: string, button: string): Promise<void>;
  /** Presses a button of a copy that the person took before, and gives what only they are told, once it says `words`. */
  pressesCopy(person: string, copy: SeenMessage, pressed: { button: string; words: RegExp }): Promise<string>;
  /** Presses a button of the newest answer that only this person sees and that has it, and gives what they are told then. */
  pressesAnswer(person: string, button: string, words: RegExp): Promise<string>;
  /** Does something and gives what only this person is told about it. */
  told(person: string, words: RegExp, act: () => Promise<unknown>): Promise<string>;
  /** Waits until a message in an environment's channel says this now, threads included, and gives it. */
  reads(environment: string, words: RegExp): Promise<SeenMessage>;
  /** Cuts and gives the release's name. */
  cuts(person: string, environment: string, services: string): Promise<string>;
  /** Cuts for dev, where nobody is asked, and waits until it is released. */
  releasesToDev(services: string): Promise<string>;
  /** Waits until a release's board says this. */
  board(environment: string, name: string, words: RegExp): Promise<SeenMessage>;
}

/** Seats them. `patienceMs`: how long they wait for anything. */
export function peopleOf({ workspace }: Pick<World, 'workspace'>, patienceMs = PATIENCE_MS): People {
  const wait = <T>(what: string, find: () => T | undefined | false) =>
    workspace.waitFor(find, { deadlineMs: patienceMs, what });
  const channel = (environment: string) => `releases-${environment}`;
  const ephemerals = (person: string) => {
    const { id } = workspace.person(person);
    return workspace.state().ephemerals.filter(({ userId }) => userId === id);
  };
  const seen = (environment: string, words: RegExp) =>
    workspace
      .person('ana')
      .reads(channel(environment))
      .filter((message) => !message.isEphemeral)
      .findLast((message) => words.test(`${message.text}\n${message.visible}`));

  const people: People = {
    async told(person, words, act) {
      const before = ephemerals(person).length;
      await act();
      const fresh = () =>
        ephemerals(person)
          .slice(before)
          .map((each) => `${each.text}\n${JSON.stringify(each.blocks)}`);
      try {
        return await wait(`${person} is told ${words}`, () => fresh().find((text) => words.test(text)));
      } catch (error) {
        throw new Error(`${person} was not told ${words} but: ${fresh().join(' | ') || 'nothing'}`, {
          cause: error,
        });
      }
    },
    types: (person, command, words) => people.told(person, words, () => type(person, command)),
    async opens(person, command, words) {
      await type(person, command);
      const view = () => workspace.person(person).openView()?.visible;
      try {
        return await wait(`${person} has a modal that says ${words}`, () => {
          const visible = view();
          return visible !== undefined && words.test(visible) && visible;
        });
      } catch (error) {
        throw new Error(`${person} has no modal that says ${words} but: ${view()}`, { cause: error });
      }
    },
    async presses(person, environment, button) {
      const message = await wait(`${button} in ${environment}`, () =>
        workspace
          .person(person)
          .reads(channel(environment))
          .findLast((each) => JSON.stringify(each.blocks).includes(`"${button}"`)),
      );
      await press(person, message, button);
    },
    async pressesAnswer(person, button, words) {
      const message = await wait(`${person} has an answer with ${button}`, () =>
        ephemerals(person)
          .toReversed()
          .flatMap(({ channelId }) => workspace.person(person).reads(channelId).toReversed())
          .find((each) => each.isEphemeral && JSON.stringify(each.blocks).includes(`"${button}"`)),
      );
      return people.told(person, words, () => press(person, message, button));
    },
    pressesCopy: (person, copy, { button, words }) =>
      people.told(person, words, () => press(person, copy, button)),
    async reads(environment, words) {
      try {
        return await wait(`#${channel(environment)} says ${words}`, () => seen(environment, words));
      } catch (error) {
        const last = seen(environment, /./);
        throw new Error(`#${channel(environment)} does not say ${words}; last: ${last?.visible}`, {
          cause: error,
        });
      }
    },
    async cuts(person, environment, services) {
      const told = await people.types(person, `/release cut ${environment} ${services}`, /→ \S+ is cut/);
      return /(\S+) → \S+ is cut/.exec(told)?.[1] ?? '';
    },
    async releasesToDev(services) {
      const name = await people.cuts('dev', 'dev', services);
      await people.board('dev', name, /· released ·/);
      return name;
    },
    async board(environment, name, words) {
      const find = () =>
        workspace
          .person('ana')
          .reads(channel(environment))
          .findLast((message) => message.text.startsWith(`${name} →`));
      try {
        return await wait(`the board of ${name} says ${words}`, () => {
          const board = find();
          return board && words.test(`${board.text}\n${board.visible}`) && board;
        });
      } catch (error) {
        throw new Error(`the board of ${name} does not say ${words} but: ${find()?.visible}`, {
          cause: error,
        });
      }
    },
  };

  async function type(person: string, command: string): Promise<void> {
    const [name = '', ...rest] = command.split(' ');
    const result = await workspace.person(person).slash(name, rest.join(' '));
    if (result.kind !== 'accepted') throw new Error(`${command}: ${JSON.stringify(result)}`);
  }

  async function press(person: string, message: SeenMessage, button: string): Promise<void> {
    const asks = asksFirst(message.blocks, button);
    const pressed = await workspace
      .person(person)
      .click({ message, button, ...(asks && { confirm: 'accept' as const }) });
    if (pressed.kind !== 'delivered') throw new Error(`${button}: ${JSON.stringify(pressed)}`);
  }

  return people;
}

/** Whether a button asks once more before it does anything. */
function asksFirst(blocks: SeenMessage['blocks'], label: string): boolean {
  const elements = blocks.flatMap((block): unknown[] => ('elements' in block ? [...block.elements] : []));
  const button = elements.find((element) => JSON.stringify(element).includes(`"${label}"`));
  return JSON.stringify(button ?? '').includes('"confirm"');
}
