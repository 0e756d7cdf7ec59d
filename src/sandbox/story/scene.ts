import { setTimeout as pause } from 'node:timers/promises';
import { visibleStrings } from '../workspace/blocks/visible-text.ts';
import type { SeenMessage } from '../workspace/people/seen.ts';
import type { AnyWorld } from '../world.ts';
import type { Narrator } from './narrator.ts';

/** What people do and see, in the words of the story. Everything goes through a person's screen. */
export interface Scene {
  everythingAdopted(): Promise<void>;
  types(person: string, command: string, text: string): Promise<void>;
  /** Waits until the person alone is told something new. */
  sees(person: string, words: RegExp): Promise<void>;
  /** Waits until something new is said in the channel of an environment, or in a channel by its name. */
  says(place: string, words: RegExp): Promise<void>;
  /** Waits until so many releases have ended as released in an environment. */
  released(environment: string, count: number): Promise<void>;
  /** Cuts by the form; gives the board's ts. */
  cutsByForm(person: string, environment: string): Promise<string>;
  clicks(person: string, environment: string, button: string): Promise<void>;
  copyOf(person: string, environment: string, ts: string): SeenMessage;
  clicksCopy(person: string, message: SeenMessage, button: string): Promise<void>;
  canaryPaused(environment: string, service: string): Promise<void>;
  /** Whether a patch of this kind was made in somebody's name. */
  wrote(verb: 'abort' | 'resume' | 'promoteFull', by: { namespace: string; user: string }): boolean;
  rollsBack(person: string, environment: string): Promise<void>;
  opensIncident(person: string, environment: string): Promise<void>;
  promotes(person: string, from: string, to: string): Promise<void>;
}

/** Long enough for a canary on a busy machine; the story's own length is judged by whoever runs it. */
const PATIENCE_MS = 60_000;

/** How often somebody who waits asks again. */
const ASK_EVERY_MS = 500;

export function sceneOf(world: AnyWorld, narrator: Narrator): Scene {
  const { workspace, cluster } = world;
  const seenEphemerals = new Map<string, number>();
  const seenSaid = new Map<string, number>();
  const wait = <T>(what: string, find: () => T | undefined | false) =>
    workspace.waitFor(find, { deadlineMs: PATIENCE_MS, what });
  const channel = (place: string) =>
    world.shop.environments.some(({ name }) => name === place) ? `releases-${place}` : place;
  const messages = (place: string) => workspace.state().messages(channel(place));
  const board = (environment: string, words: RegExp) =>
    messages(environment).filter((message) => words.test(message.text));

  const scene: Scene = {
    async everythingAdopted() {
      const services = world.shop.services.length * world.shop.environments.length;
      await cluster.waitFor('every Rollout is Healthy', () => healthy(world) === services, PATIENCE_MS);
      const all = new RegExp(
        `${world.shop.services.length} services adopted[\\s\\S]*`.repeat(world.shop.environments.length),
      );
      const until = performance.now() + PATIENCE_MS;
      for (let adopted = ''; !all.test(adopted); await pause(ASK_EVERY_MS)) {
        if (performance.now() > until) throw new Error(`not everything was adopted: ${adopted}`);
        await scene.types('ana', '/release', 'status');
        adopted = await wait('the status', () => newestFor('ana', /adopted|nothing known/));
      }
    },
    async types(person, command, text) {
      narrator.tell(`${person}: ${command} ${text}`);
      remember(person);
      const result = await workspace.person(person).slash(command, text);
      if (result.kind !== 'accepted') throw new Error(`${command} ${text}: ${JSON.stringify(result)}`);
    },
    async sees(person, words) {
      await wait(`${person} sees ${words}`, () => newestFor(person, words));
    },
    async says(place, words) {
      const from = seenSaid.get(place) ?? 0;
      await wait(`#${channel(place)} says ${words}`, () => {
        const found = messages(place).findIndex((message, i) => i >= from && words.test(allOf(message)));
        return found >= 0;
      });
    },
    async released(environment, count) {
      await wait(
        `${count} released to ${environment}`,
        () => board(environment, /· released ·/).length >= count,
      );
    },
    async cutsByForm(person, environment) {
      await scene.types(person, '/release', `cut ${environment}`);
      const driver = workspace.person(person);
      await wait('the form', () => driver.openView()?.submit === 'Cut');
      await driver.submit();
      await wait('the board', () => board(environment, /wants \d+ approval/).length > 0);
      return board(environment, /wants \d+ approval/)[0]?.ts ?? '';
    },
    async clicks(person, environment, button) {
      narrator.tell(`${person} presses ${button}`);
      remember(person);
      await workspace
        .person(person)
        .click({ channel: channel(environment), text: /→/, button, confirm: 'accept' });
    },
    copyOf(person, environment, ts) {
      const copy = workspace
        .person(person)
        .reads(channel(environment))
        .find((message) => message.ts === ts);
      if (copy === undefined) throw new Error(`${person} sees no message ${ts}`);
      return copy;
    },
    async clicksCopy(person, message, button) {
      remember(person);
      await workspace.person(person).click({ message, button, confirm: 'accept' });
    },
    async canaryPaused(environment, service) {
      await cluster.waitFor(
        `the canary of ${service} pauses`,
        () =>
          JSON.stringify(cluster.get('Rollout', `shop-${environment}`, service)?.['status'] ?? {}).includes(
            'CanaryPauseStep',
          ),
        PATIENCE_MS,
      );
    },
    wrote(verb, { namespace, user }) {
      return cluster.requests.some(
        (request) =>
          request.method === 'PATCH' &&
          request.code === 200 &&
          request.impersonated?.user === user &&
          request.namespace === namespace &&
          JSON.stringify(request.body ?? '').includes(verb === 'resume' ? 'pauseConditions' : verb),
      );
    },
    async rollsBack(person, environment) {
      await scene.types(person, '/rollback', environment);
      const driver = workspace.person(person);
      await wait('the plan', () => driver.openView()?.submit?.startsWith('Roll back'));
      narrator.tell(`${person} confirms:\n${driver.openView()?.visible ?? ''}`);
      await driver.submit();
    },
    async opensIncident(person, environment) {
      const driver = workspace.person(person);
      const offering = driver
        .reads(channel(environment))
        .findLast((message) => JSON.stringify(message.blocks).includes('Open an incident'));
      if (offering === undefined) throw new Error('nothing offers to open an incident');
      await driver.click({ message: offering, button: 'Open an incident' });
      await wait('the incident form', () => driver.openView()?.submit === 'Open');
      await driver.submit();
      await wait('the incident channel', () =>
        [...workspace.state().channels.values()].some(({ name }) => name.startsWith('inc')),
      );
    },
    async promotes(person, from, to) {
      const before = board(to, /→/).length;
      await scene.types(person, '/release', `promote ${to}`);
      await wait(`a board in ${to}`, () => board(to, /→/).length > before);
      void from;
    },
  };

  function remember(person: string): void {
    seenEphemerals.set(person, ephemeralsOf(person).length);
    for (const { name } of world.shop.environments) seenSaid.set(name, 0);
  }

  function ephemeralsOf(person: string) {
    const { id } = workspace.person(person);
    return workspace.state().ephemerals.filter(({ userId }) => userId === id);
  }

  function newestFor(person: string, words: RegExp): string | undefined {
    const fresh = ephemeralsOf(person).slice(seenEphemerals.get(person) ?? 0);
    return fresh.map(allOf).find((text) => words.test(text));
  }

  return scene;
}

function allOf(message: { text: string; blocks?: readonly unknown[] | undefined }): string {
  return [
    message.text,
    ...visibleStrings((message.blocks ?? []) as Parameters<typeof visibleStrings>[0]),
  ].join('\n');
}

function healthy(world: AnyWorld): number {
  return world.cluster
    .list('Rollout')
    .filter((rollout) => (rollout['status'] as { phase?: string } | undefined)?.phase === 'Healthy').length;
}

/** Name of the first channel that fits. Throws when there is none. */
export function channelNamed(world: AnyWorld, name: RegExp): string {
  const found = [...world.workspace.state().channels.values()].find((channel) => name.test(channel.name));
  if (found === undefined) throw new Error(`no channel is called ${name}`);
  return found.name;
}
