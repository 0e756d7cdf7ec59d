import { z } from 'zod';
import type { Block, Surface } from './block.ts';
import { checkBlocks } from './check-blocks.ts';
import { describeIssue } from './describe-issue.ts';
import { nameBlocks } from './name-blocks.ts';
import type { BlockFault } from './rules.ts';
import { plainText } from './text.ts';

// Limits: `@slack/types` `views.d.ts`, ModalView and HomeView.

const common = {
  blocks: z.unknown(),
  private_metadata: z.string().max(3000).optional(),
  callback_id: z.string().max(255).optional(),
  external_id: z.string().max(255).optional(),
};

const modal = z.strictObject({
  type: z.literal('modal'),
  ...common,
  title: plainText(24),
  submit: plainText(24).optional(),
  close: plainText(24).optional(),
  clear_on_close: z.boolean().optional(),
  notify_on_close: z.boolean().optional(),
});

const home = z.strictObject({ type: z.literal('home'), ...common });

/** A view as an app sent it, judged and with all its ids. */
export type ViewContent = (z.output<typeof modal> | z.output<typeof home>) & { readonly blocks: Block[] };

/** What a view turned out to be. */
export type CheckedView =
  | { readonly kind: 'valid'; readonly view: ViewContent }
  | { readonly kind: 'invalid'; readonly faults: readonly BlockFault[] }
  /** "Error returned if the provided view is greater than 250kb": https://docs.slack.dev/reference/methods/views.open. */
  | { readonly kind: 'too_large' };

const MAX_VIEW_BYTES = 250_000;

/** Judges a view for the place it is meant for. */
export function checkView(input: unknown, surface: Exclude<Surface, 'message'>): CheckedView {
  if (JSON.stringify(input ?? null).length > MAX_VIEW_BYTES) return { kind: 'too_large' };
  const shape = (surface === 'modal' ? modal : home).safeParse(input, { reportInput: true });
  if (!shape.success) {
    return { kind: 'invalid', faults: shape.error.issues.map((issue) => describeIssue(issue, '/view')) };
  }
  const checked = checkBlocks(shape.data.blocks, surface);
  if (checked.kind === 'invalid') return { kind: 'invalid', faults: checked.faults.map(insideView) };
  if (checked.kind !== 'valid') {
    return { kind: 'invalid', faults: [{ reason: 'must be an array of blocks', pointer: '/view/blocks' }] };
  }
  const faults = submitMissing(shape.data, checked.blocks);
  if (faults.length > 0) return { kind: 'invalid', faults };
  return { kind: 'valid', view: { ...shape.data, blocks: nameBlocks(checked.blocks) } };
}

function insideView(fault: BlockFault): BlockFault {
  return { ...fault, pointer: `/view${fault.pointer}` };
}

/** "`submit` is required when an input block is within the `blocks` array": `@slack/types` `views.d.ts`, ModalView. */
function submitMissing(
  view: z.output<typeof modal> | z.output<typeof home>,
  blocks: readonly Block[],
): BlockFault[] {
  if (view.type === 'home' || view.submit !== undefined) return [];
  return blocks.some(({ type }) => type === 'input')
    ? [{ reason: 'missing required field: submit', pointer: '/view' }]
    : [];
}
