import { useId, useRef, useState } from 'react';
import { type Completion, completionsFor } from './completions.ts';
import { useDesk } from './desk.ts';

/** Where something is written: a channel, or a thread of it. */
export interface ComposerProps {
  readonly channelId: string;
  readonly channelName: string;
  readonly threadTs?: string;
}

/** The box to write in. Enter sends, Shift+Enter makes a line, `/` offers commands, `@` offers people. */
export function Composer({ channelId, channelName, threadTs }: ComposerProps) {
  const { screen, act } = useDesk();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const [isDismissed, setIsDismissed] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  const { completions, hint } = completionsFor(screen, text);
  const offered = isDismissed ? [] : completions;

  const write = (next: string) => {
    setText(next);
    setChosen(0);
    setIsDismissed(false);
  };
  const take = ({ replacement }: Completion) => {
    write(replacement);
    box.current?.focus();
  };
  const send = () => {
    if (text.trim() === '') return;
    void act({ kind: 'say', channelId, text: text.trim(), ...(threadTs === undefined ? {} : { threadTs }) });
    write('');
  };
  const press = (event: React.KeyboardEvent) => {
    const current = offered[chosen];
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (offered.length === 0) return;
      event.preventDefault();
      setChosen((chosen + (event.key === 'ArrowDown' ? 1 : -1) + offered.length) % offered.length);
    } else if (event.key === 'Escape' && offered.length > 0) {
      setIsDismissed(true);
    } else if ((event.key === 'Tab' || event.key === 'Enter') && !event.shiftKey && current !== undefined) {
      event.preventDefault();
      take(current);
    } else if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      send();
    }
  };

  return (
    <div className="composer">
      {offered.length > 0 ? <Completions {...{ id: listId, offered, chosen, take }} /> : null}
      {offered.length === 0 && hint !== '' ? <div className="usage">{hint}</div> : null}
      <div className="composer-box">
        <textarea
          ref={box}
          rows={1}
          value={text}
          placeholder={threadTs === undefined ? `Message ${channelName}` : 'Reply …'}
          aria-label={threadTs === undefined ? `Message ${channelName}` : 'Reply in thread'}
          role="combobox"
          aria-expanded={offered.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          onChange={(event) => write(event.target.value)}
          onKeyDown={press}
        />
        <button type="button" className="send" aria-label="Send" disabled={text.trim() === ''} onClick={send}>
          ➤
        </button>
      </div>
    </div>
  );
}

function Completions({
  id,
  offered,
  chosen,
  take,
}: {
  id: string;
  offered: readonly Completion[];
  chosen: number;
  take: (completion: Completion) => void;
}) {
  return (
    <div className="completions" id={id} role="listbox" aria-label="Suggestions">
      {offered.map((completion, index) => (
        <div
          key={completion.replacement}
          role="option"
          tabIndex={-1}
          aria-selected={index === chosen}
          onPointerDown={(event) => {
            event.preventDefault();
            take(completion);
          }}
        >
          <b>{completion.name}</b> <span className="quiet">{completion.usage}</span>
          <small>{completion.description}</small>
        </div>
      ))}
    </div>
  );
}
