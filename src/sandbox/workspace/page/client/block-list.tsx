import { useId } from 'react';
import type { Block } from '../../blocks/block.ts';
import type { InteractiveElement } from '../../blocks/elements.ts';
import type { GivenInput } from '../../state/inputs.ts';
import type { InputValues } from '../../state/model.ts';
import { ElementView } from './element.tsx';
import { asGiven } from './input-value.ts';
import { TextBlocks } from './text-blocks.tsx';

/** A use of one element. */
export interface ElementUse {
  readonly blockId: string;
  readonly actionId: string;
  readonly given: GivenInput;
  /** Whether the app hears of it at once: always, but for input blocks that do not say so. */
  readonly isDispatched: boolean;
}

/** A list of blocks with its controls. */
export interface BlockListProps {
  readonly blocks: readonly Block[];
  readonly values: InputValues;
  readonly errors?: Readonly<Record<string, string>>;
  readonly onUse: (use: ElementUse) => Promise<void>;
}

/** Draws blocks: text by the renderer, controls by the page itself. */
export function BlockList({ blocks, ...rest }: BlockListProps) {
  return (
    <div className="blocks">
      {blocks.map((block) => (
        <BlockView key={block.block_id} block={block} {...rest} />
      ))}
    </div>
  );
}

function BlockView({ block, values, errors, onUse }: Omit<BlockListProps, 'blocks'> & { block: Block }) {
  const draw = (element: InteractiveElement, label: string) => {
    const blockId = block.block_id ?? '';
    const actionId = element.action_id ?? '';
    const isDispatched = block.type !== 'input' || block.dispatch_action === true;
    return (
      <ElementView
        key={actionId}
        element={element}
        label={label}
        value={asGiven(values[blockId]?.[actionId])}
        onUse={(given) => onUse({ blockId, actionId, given, isDispatched })}
      />
    );
  };
  switch (block.type) {
    case 'actions':
      return (
        <div className="actions">{block.elements.map((element) => draw(element, labelOf(element)))}</div>
      );
    case 'input':
      return (
        <InputRow
          block={block}
          error={errors?.[block.block_id ?? '']}
          control={draw(block.element, block.label.text)}
        />
      );
    case 'section': {
      const { accessory, ...text } = block;
      if (accessory === undefined || accessory.type === 'image') return <TextBlocks blocks={[block]} />;
      return (
        <div className="section-row">
          <div className="section-text">
            <TextBlocks blocks={[text]} />
          </div>
          {draw(accessory, labelOf(accessory))}
        </div>
      );
    }
    default:
      return <TextBlocks blocks={[block]} />;
  }
}

function InputRow({
  block,
  error,
  control,
}: {
  block: Extract<Block, { type: 'input' }>;
  error: string | undefined;
  control: React.ReactNode;
}) {
  const id = useId();
  return (
    <div className={error === undefined ? 'input-row' : 'input-row has-error'}>
      <div className="input-label" id={id}>
        {block.label.text}
        {block.optional === true ? <span className="quiet"> (optional)</span> : null}
      </div>
      {control}
      {block.hint === undefined ? null : <div className="input-hint">{block.hint.text}</div>}
      {error === undefined ? null : (
        <div className="input-error" role="alert">
          {error}
        </div>
      )}
    </div>
  );
}

function labelOf(element: InteractiveElement): string {
  if (element.type === 'button') return element.text.text;
  return 'placeholder' in element ? (element.placeholder?.text ?? '') : '';
}
