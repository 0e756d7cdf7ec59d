import type { ViewContent } from '../blocks/view.ts';
import { secret } from '../ids.ts';
import { startingValues } from './inputs.ts';
import type { OpenView } from './model.ts';
import type { World } from './world.ts';

/** "Currently the limit is 3": `push_limit_reached` of https://docs.slack.dev/reference/methods/views.push. */
export const MAX_STACK = 3;

/** The stack of modals a person has open, bottom first; empty when none. */
export function modalStack(world: World, userId: string): OpenView[] {
  const existing = world.modals.get(userId);
  if (existing !== undefined) return existing;
  const stack: OpenView[] = [];
  world.modals.set(userId, stack);
  return stack;
}

/** Opens a modal as the bottom of a new stack; whatever the person had open goes. */
export function openModal(world: World, userId: string, content: ViewContent): OpenView {
  const stack = modalStack(world, userId);
  stack.length = 0;
  const id = world.nextId('V');
  const view: OpenView = { ...fresh(world, content), id, userId, rootId: id };
  stack.push(view);
  world.tell({ kind: 'screen_changed', userId });
  return view;
}

/** Lays a modal over the one on top. Whoever calls has looked at {@link MAX_STACK}. */
export function pushModal(world: World, top: OpenView, content: ViewContent): OpenView {
  const id = world.nextId('V');
  const { userId, rootId } = top;
  const view: OpenView = { ...fresh(world, content), id, userId, rootId, previousId: top.id };
  modalStack(world, userId).push(view);
  world.tell({ kind: 'screen_changed', userId });
  return view;
}

/** Replaces what a view shows. Inputs that keep their block id and action id keep what the person typed. */
export function updateView(world: World, view: OpenView, content: ViewContent): void {
  view.content = content;
  view.hash = newHash(world);
  view.errors = {};
  view.values = startingValues(content.blocks, view.values);
  world.tell({ kind: 'screen_changed', userId: view.userId });
}

/** Closes a modal and whatever lies over it. */
export function closeModal(world: World, view: OpenView): void {
  const stack = modalStack(world, view.userId);
  const index = stack.indexOf(view);
  if (index >= 0) stack.splice(index);
  world.tell({ kind: 'screen_changed', userId: view.userId });
}

/** Publishes a person's home tab, or replaces it. */
export function publishHome(world: World, userId: string, content: ViewContent): OpenView {
  const existing = world.homes.get(userId);
  if (existing !== undefined) {
    updateView(world, existing, content);
    return existing;
  }
  const id = world.nextId('V');
  const view: OpenView = { ...fresh(world, content), id, userId, rootId: id };
  world.homes.set(userId, view);
  world.tell({ kind: 'screen_changed', userId });
  return view;
}

/** Every view there is: open modals and home tabs. */
export function allViews(world: World): OpenView[] {
  return [...[...world.modals.values()].flat(), ...world.homes.values()];
}

function fresh(world: World, content: ViewContent) {
  return { content, hash: newHash(world), values: startingValues(content.blocks, {}), errors: {} };
}

function newHash(world: World): string {
  return `${Math.floor(world.now() / 1000)}.${secret(4)}`;
}
