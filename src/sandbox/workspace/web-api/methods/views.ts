import { z } from 'zod';
import { checkView, type ViewContent } from '../../blocks/view.ts';
import { viewObject } from '../../objects/view-object.ts';
import type { OpenView } from '../../state/model.ts';
import {
  allViews,
  MAX_STACK,
  modalStack,
  openModal,
  publishHome,
  pushModal,
  updateView,
} from '../../state/views.ts';
import type { World } from '../../state/world.ts';
import { type MethodAnswer, ok, type Refused, refuse, refuseBlocks } from '../answer.ts';
import { defineMethod, type MethodParts, structure } from '../method.ts';

/** https://docs.slack.dev/reference/methods/views.open. The trigger is spent even when the view is refused. */
export const viewsOpen = defineMethod({
  name: 'views.open',
  tier: 4,
  args: z.looseObject({ trigger_id: z.string(), view: structure }),
  run: (given, { world, triggers }) => {
    const read = readView(world, given.view, { surface: 'modal' });
    if (read.kind === 'refused') return read;
    const trigger = triggers.redeem(given.trigger_id);
    if (trigger.kind !== 'good') return refuse(trigger.kind);
    return shown(world, openModal(world, trigger.userId, read.view));
  },
});

/** https://docs.slack.dev/reference/methods/views.push. */
export const viewsPush = defineMethod({
  name: 'views.push',
  tier: 4,
  args: z.looseObject({ trigger_id: z.string(), view: structure }),
  run: (given, { world, triggers }) => {
    const read = readView(world, given.view, { surface: 'modal' });
    if (read.kind === 'refused') return read;
    const trigger = triggers.redeem(given.trigger_id);
    if (trigger.kind !== 'good') return refuse(trigger.kind);
    const stack = modalStack(world, trigger.userId);
    const top = stack.at(-1);
    if (top === undefined || !stack.some(({ id }) => id === trigger.viewId)) return refuse('not_found');
    if (stack.length >= MAX_STACK) return refuse('push_limit_reached');
    return shown(world, pushModal(world, top, read.view));
  },
});

/** https://docs.slack.dev/reference/methods/views.update. A view that was closed is not found. */
export const viewsUpdate = defineMethod({
  name: 'views.update',
  tier: 4,
  args: z.looseObject({
    view_id: z.string().optional(),
    external_id: z.string().optional(),
    hash: z.string().optional(),
    view: structure,
  }),
  run: (given, { world }) => {
    const { view_id: id, external_id: externalId } = given;
    if (id === undefined && externalId === undefined) {
      return refuse('invalid_arguments', { messages: ['[ERROR] missing required field: view_id'] });
    }
    const view = allViews(world).find((candidate) =>
      id === undefined ? candidate.content.external_id === externalId : candidate.id === id,
    );
    if (view === undefined) return refuse('not_found');
    const read = readView(world, given.view, { surface: view.content.type, replacing: view });
    if (read.kind === 'refused') return read;
    if (given.hash !== undefined && given.hash !== view.hash) return refuse('hash_conflict');
    updateView(world, view, read.view);
    return shown(world, view);
  },
});

/** https://docs.slack.dev/reference/methods/views.publish. */
export const viewsPublish = defineMethod({
  name: 'views.publish',
  tier: 4,
  args: z.looseObject({ user_id: z.string(), hash: z.string().optional(), view: structure }),
  run: (given, { world, manifest }: MethodParts) => {
    if (!manifest.features.app_home.home_tab_enabled) return refuse('not_enabled');
    const person = world.people.get(given.user_id);
    if (person === undefined || person.kind === 'deactivated') {
      return refuse('invalid_arguments', { messages: ['[ERROR] invalid user_id [json-pointer:/user_id]'] });
    }
    const existing = world.homes.get(given.user_id);
    const replacing = existing === undefined ? {} : { replacing: existing };
    const read = readView(world, given.view, { surface: 'home', ...replacing });
    if (read.kind === 'refused') return read;
    if (given.hash !== undefined && given.hash !== existing?.hash) return refuse('hash_conflict');
    return shown(world, publishHome(world, given.user_id, read.view));
  },
});

function shown(world: World, view: OpenView): MethodAnswer {
  return ok({ view: viewObject(world, view) });
}

/** Judges a view. Bad blocks of a view are `invalid_arguments`, as Slack answers them for views. */
export function readView(
  world: World,
  given: unknown,
  place: { readonly surface: 'modal' | 'home'; readonly replacing?: OpenView },
): { readonly kind: 'view'; readonly view: ViewContent } | Refused {
  const checked = checkView(given, place.surface);
  if (checked.kind === 'too_large') return refuse('view_too_large');
  if (checked.kind === 'invalid') return refuseBlocks('invalid_arguments', checked.faults);
  const { external_id: externalId } = checked.view;
  const isTaken =
    externalId !== undefined &&
    allViews(world).some((view) => view !== place.replacing && view.content.external_id === externalId);
  return isTaken ? refuse('duplicate_external_id') : { kind: 'view', view: checked.view };
}
