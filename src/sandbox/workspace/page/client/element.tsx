import { type ReactNode, useId, useState } from 'react';
import type { InteractiveElement } from '../../blocks/elements.ts';
import { choicesOf } from '../../blocks/rules.ts';
import type { GivenInput } from '../../state/inputs.ts';
import { useDesk } from './desk.ts';
import { Menu } from './menu.tsx';

/** An element a person can use: what it holds now, and what to do when it is used. */
export interface ElementProps {
  readonly element: InteractiveElement;
  readonly value: GivenInput;
  /** For screen readers, where no label stands beside it. */
  readonly label: string;
  readonly onUse: (given: GivenInput) => Promise<void>;
}

/** Draws a button, menu, picker or input. Where the element asks for confirmation, the person is asked first. */
export function ElementView({ element, value, label, onUse }: ElementProps) {
  const { ask } = useDesk();
  const [isBusy, setIsBusy] = useState(false);
  const use = async (given: GivenInput) => {
    if ('confirm' in element && element.confirm !== undefined && !(await ask(element.confirm))) return;
    setIsBusy(true);
    await onUse(given);
    setIsBusy(false);
  };
  const single = typeof value === 'string' ? value : '';
  const several = Array.isArray(value) ? value : [];

  switch (element.type) {
    case 'button':
      return (
        <button
          type="button"
          className={`button ${element.style ?? ''}`}
          aria-label={element.accessibility_label}
          aria-busy={isBusy}
          disabled={isBusy}
          onClick={() => {
            if (element.url !== undefined) window.open(element.url, '_blank', 'noopener');
            void use(null);
          }}
        >
          {element.text.text}
        </button>
      );
    case 'overflow':
      return (
        <Menu
          label={label === '' ? 'More' : label}
          trigger="⋯"
          items={element.options.map((option) => ({
            words: option.text.text,
            run: () => void use(option.value),
          }))}
        />
      );
    case 'plain_text_input':
      return <TextInput {...{ element, label, use }} value={single} />;
    case 'datepicker':
    case 'timepicker':
      return (
        <input
          className="field"
          type={element.type === 'datepicker' ? 'date' : 'time'}
          aria-label={label}
          value={single}
          onChange={(event) => void use(event.target.value === '' ? null : event.target.value)}
        />
      );
    case 'radio_buttons':
      return <Boxes type="radio" {...{ element, label, use }} chosen={value === null ? [] : [single]} />;
    case 'checkboxes':
    case 'multi_static_select':
    case 'multi_users_select':
      return <Boxes type="checkbox" {...{ element, label, use }} chosen={several} />;
    case 'static_select':
    case 'users_select':
    case 'conversations_select':
    case 'channels_select':
      return <Select {...{ element, label, use }} value={single} />;
  }
}

interface PartProps {
  readonly element: InteractiveElement;
  readonly label: string;
  readonly use: (given: GivenInput) => Promise<void>;
}

function TextInput({ element, label, use, value }: PartProps & { value: string }) {
  if (element.type !== 'plain_text_input') return null;
  const common = {
    className: 'field',
    'aria-label': label,
    placeholder: element.placeholder?.text ?? '',
    maxLength: element.max_length ?? 3000,
    autoFocus: element.focus_on_load === true,
    value,
  };
  return element.multiline === true ? (
    <textarea {...common} rows={4} onChange={(event) => void use(event.target.value)} />
  ) : (
    <input {...common} type="text" onChange={(event) => void use(event.target.value)} />
  );
}

function Select({ element, label, use, value }: PartProps & { value: string }) {
  const choices = useChoices(element);
  const placeholder = 'placeholder' in element ? element.placeholder?.text : undefined;
  return (
    <select
      className="field"
      aria-label={label}
      value={value}
      onChange={(event) => void use(event.target.value === '' ? null : event.target.value)}
    >
      <option value="">{placeholder ?? 'Choose …'}</option>
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.words}
        </option>
      ))}
    </select>
  );
}

function Boxes({
  element,
  label,
  use,
  chosen,
  type,
}: PartProps & { chosen: readonly string[]; type: 'radio' | 'checkbox' }) {
  const choices = useChoices(element);
  const name = useId();
  return (
    <fieldset className="boxes" aria-label={label}>
      {choices.map(({ value, words, hint }) => (
        <label key={value}>
          <input
            type={type}
            name={name}
            checked={chosen.includes(value)}
            onChange={(event) => {
              if (type === 'radio') void use(value);
              else
                void use(event.target.checked ? [...chosen, value] : chosen.filter((one) => one !== value));
            }}
          />
          <span>
            {words}
            {hint === '' ? null : <small>{hint}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** What an element offers: its own choices, or people or channels of the workspace. */
function useChoices(element: InteractiveElement): { value: string; words: ReactNode; hint: string }[] {
  const { screen } = useDesk();
  switch (element.type) {
    case 'users_select':
    case 'multi_users_select':
      return screen.people
        .filter(({ kind }) => kind !== 'bot' && kind !== 'deactivated')
        .map(({ id, realName, role }) => ({ value: id, words: realName, hint: role }));
    case 'conversations_select':
    case 'channels_select':
      return screen.channels
        .filter(({ kind, isArchived }) => kind !== 'im' && !isArchived)
        .map(({ id, name }) => ({ value: id, words: `#${name}`, hint: '' }));
    default:
      return choicesOf(element).map(({ value, text, description }) => ({
        value,
        words: text.text.replace(/[*`_]/g, ''),
        hint: description?.text ?? '',
      }));
  }
}
