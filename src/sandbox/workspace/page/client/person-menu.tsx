import { useRef, useState } from 'react';
import { Avatar, kindLabel } from './avatar.tsx';
import { useDesk } from './desk.ts';
import { useDismissal } from './use-dismissal.ts';

/** Who sits at the screen, and the way to become somebody else. */
export function PersonMenu({ become }: { become: (personId: string) => void }) {
  const { screen } = useDesk();
  const [isOpen, setIsOpen] = useState(false);
  const around = useRef<HTMLDivElement>(null);
  const { me } = screen;
  const others = screen.people.filter(({ kind }) => kind !== 'bot' && kind !== 'deactivated');
  const waiting = others.filter(({ id }) => id !== me.id).reduce((sum, person) => sum + person.waiting, 0);

  useDismissal(around, isOpen, () => setIsOpen(false));

  return (
    <div className="person-menu" ref={around}>
      {isOpen ? (
        <div className="people" role="dialog" aria-label="Switch person">
          <h2>Sit down as</h2>
          {others.map((person) => (
            <button
              key={person.id}
              type="button"
              className={person.id === me.id ? 'person current' : 'person'}
              aria-pressed={person.id === me.id}
              onClick={() => {
                setIsOpen(false);
                become(person.id);
              }}
            >
              <Avatar person={person} />
              <span className="person-words">
                <b>{person.realName}</b>
                <small>{[person.role, kindLabel(person)].filter(Boolean).join(' · ')}</small>
              </span>
              {person.waiting > 0 ? <span className="badge">{person.waiting}</span> : null}
            </button>
          ))}
        </div>
      ) : null}
      <button
        type="button"
        className="me"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-label={`You are ${me.realName}. Switch person`}
        onClick={() => setIsOpen(!isOpen)}
      >
        <Avatar person={me} />
        <span className="person-words">
          <b>{me.realName}</b>
          <small>{me.role === '' ? kindLabel(me) : me.role}</small>
        </span>
        {waiting > 0 ? (
          <span className="badge" title="Others are asked for">
            {waiting}
          </span>
        ) : null}
        <span className="quiet">⇅</span>
      </button>
    </div>
  );
}
