import { useState } from 'react';
import { EMOJI } from '../../emoji.ts';
import type { ScreenMessage } from '../screen.ts';
import { useDesk } from './desk.ts';
import { Menu, type MenuItem } from './menu.tsx';
import { useFocus } from './use-focus.ts';

/** Emoji within one press. */
const FAVOURITES = ['white_check_mark', 'eyes', 'pushpin'];

/** What a person can do with a message: react, reply, take the app's shortcuts, edit and delete what is the person's own. */
export function MessageTools({
  message,
  channelId,
  startEditing,
  openThread,
}: {
  message: ScreenMessage;
  channelId: string;
  startEditing: () => void;
  openThread?: (ts: string) => void;
}) {
  const { screen, act } = useDesk();
  const [isPicking, setIsPicking] = useState(false);
  const { ts } = message;
  if (message.isEphemeral) {
    return (
      <div className="tools">
        <Tool label="Dismiss" words="✕" onClick={() => void act({ kind: 'dismiss', ts })} />
      </div>
    );
  }
  if (message.isNotice) return null;
  const react = (name: string) => {
    setIsPicking(false);
    void act({ kind: 'react', channelId, ts, name, isOn: true });
  };
  const items: MenuItem[] = [
    ...screen.app.messageShortcuts.map(({ id, name }) => ({
      words: `${name} (${screen.app.name})`,
      run: () => void act({ kind: 'shortcut', callbackId: id, channelId, ts }),
    })),
    {
      words: 'Copy link',
      run: () =>
        void navigator.clipboard.writeText(
          `${location.origin}/archives/${channelId}/p${ts.replace('.', '')}`,
        ),
    },
    ...(message.isMine
      ? [
          { words: 'Edit message', run: startEditing },
          {
            words: 'Delete message …',
            isDanger: true,
            run: () => void act({ kind: 'delete', channelId, ts }),
          },
        ]
      : []),
  ];
  return (
    <div className="tools" role="toolbar" aria-label="Message actions">
      {FAVOURITES.map((name) => (
        <Tool
          key={name}
          label={`React with ${name}`}
          words={EMOJI[name] ?? name}
          onClick={() => react(name)}
        />
      ))}
      <Tool label="Add reaction" words="☺" onClick={() => setIsPicking(!isPicking)} />
      {openThread === undefined ? null : (
        <Tool label="Reply in thread" words="💬" onClick={() => openThread(message.threadTs ?? ts)} />
      )}
      <Menu label="More actions" trigger="⋮" items={items} />
      {isPicking ? <Picker pick={react} close={() => setIsPicking(false)} /> : null}
    </div>
  );
}

function Tool({ label, words, onClick }: { label: string; words: string; onClick: () => void }) {
  return (
    <button type="button" className="icon-button" aria-label={label} title={label} onClick={onClick}>
      {words}
    </button>
  );
}

function Picker({ pick, close }: { pick: (name: string) => void; close: () => void }) {
  const [wanted, setWanted] = useState('');
  const box = useFocus<HTMLInputElement>();
  const names = Object.keys(EMOJI).filter((name) => name.includes(wanted.toLowerCase()));
  return (
    <div
      className="picker"
      role="dialog"
      aria-label="Reactions"
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
    >
      <input
        className="field"
        placeholder="Search"
        ref={box}
        aria-label="Search reactions"
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
      />
      <div className="picker-grid">
        {names.map((name) => (
          <button key={name} type="button" title={`:${name}:`} aria-label={name} onClick={() => pick(name)}>
            {EMOJI[name]}
          </button>
        ))}
      </div>
    </div>
  );
}
