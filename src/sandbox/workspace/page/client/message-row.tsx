import { useState } from 'react';
import { EMOJI } from '../../emoji.ts';
import type { ScreenMessage, ScreenPerson } from '../screen.ts';
import { Avatar } from './avatar.tsx';
import { BlockList, type ElementUse } from './block-list.tsx';
import { useDesk } from './desk.ts';
import { MessageTools } from './message-tools.tsx';
import { TextBlocks, textAsBlocks } from './text-blocks.tsx';
import { clockTime, momentOf } from './time.ts';
import { useFocus } from './use-focus.ts';

/** A message and how it stands among its neighbours. */
export interface MessageRowProps {
  readonly message: ScreenMessage;
  readonly channelId: string;
  /** Follows one of the same author closely: drawn without picture and name. */
  readonly isFollowUp: boolean;
  readonly isMarked: boolean;
  /** Absent within a thread. */
  readonly openThread?: (ts: string) => void;
}

/** One message: who, when, what it says, its controls, its reactions, its thread. */
export function MessageRow(props: MessageRowProps) {
  const { message, channelId, isFollowUp, isMarked, openThread } = props;
  const { screen, act } = useDesk();
  const [isEditing, setIsEditing] = useState(false);
  const author = screen.people.find(({ id }) => id === message.userId);
  const use = async ({ blockId, actionId, given }: ElementUse) => {
    await act({ kind: 'press', channelId, ts: message.ts, blockId, actionId, given });
  };
  const classes = [
    'message',
    isFollowUp ? 'follow-up' : '',
    message.isEphemeral ? 'ephemeral' : '',
    isMarked ? 'marked' : '',
  ];
  return (
    <article
      className={classes.join(' ')}
      id={`m${message.ts}`}
      aria-label={`${author?.realName ?? 'Slackbot'}, ${clockTime(message.ts)}`}
    >
      <div className="gutter">
        {isFollowUp ? (
          <time className="hover-time">{clockTime(message.ts)}</time>
        ) : (
          <Avatar person={author} />
        )}
      </div>
      <div className="content">
        {message.isEphemeral ? <div className="only-you">Only visible to you</div> : null}
        {message.isPinned ? <div className="pin-note">📌 Pinned</div> : null}
        {isFollowUp ? null : <Byline author={author} ts={message.ts} />}
        {message.threadTs !== null && message.isBroadcast && openThread !== undefined ? (
          <button
            type="button"
            className="thread-link"
            onClick={() => openThread(message.threadTs ?? message.ts)}
          >
            replied to a thread
          </button>
        ) : null}
        {isEditing ? (
          <EditBox message={message} channelId={channelId} done={() => setIsEditing(false)} />
        ) : (
          <div className={message.isNotice ? 'notice' : ''}>
            <BlockList
              blocks={message.blocks.length > 0 ? message.blocks : textAsBlocks(message.text)}
              values={message.values}
              onUse={use}
            />
            {message.isEdited ? <span className="quiet edited">(edited)</span> : null}
          </div>
        )}
        <Files message={message} />
        <Reactions message={message} channelId={channelId} />
        {message.replies !== null && openThread !== undefined ? (
          <ThreadFoot replies={message.replies} open={() => openThread(message.ts)} />
        ) : null}
      </div>
      <MessageTools
        message={message}
        channelId={channelId}
        startEditing={() => setIsEditing(true)}
        {...(openThread === undefined ? {} : { openThread })}
      />
    </article>
  );
}

function Byline({ author, ts }: { author: ScreenPerson | undefined; ts: string }) {
  return (
    <div className="byline">
      <b>{author?.realName ?? 'Slackbot'}</b>
      {author?.kind === 'bot' ? <span className="tag">App</span> : null}
      <time dateTime={momentOf(ts).toISOString()} title={momentOf(ts).toLocaleString()}>
        {clockTime(ts)}
      </time>
    </div>
  );
}

function EditBox({
  message,
  channelId,
  done,
}: {
  message: ScreenMessage;
  channelId: string;
  done: () => void;
}) {
  const { act } = useDesk();
  const [text, setText] = useState(message.text);
  const box = useFocus<HTMLTextAreaElement>();
  return (
    <form
      className="edit-box"
      onSubmit={(event) => {
        event.preventDefault();
        void act({ kind: 'edit', channelId, ts: message.ts, text }).then(done);
      }}
    >
      <textarea
        className="field"
        ref={box}
        aria-label="Edit message"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') done();
        }}
      />
      <button type="button" className="button" onClick={done}>
        Cancel
      </button>
      <button type="submit" className="button primary" disabled={text.trim() === ''}>
        Save
      </button>
    </form>
  );
}

function Files({ message }: { message: ScreenMessage }) {
  if (message.files.length === 0) return null;
  return (
    <div className="files">
      {message.files.map(({ url, name, alt, isImage }) =>
        isImage ? (
          <figure key={url}>
            <img src={url} alt={alt === '' ? name : alt} />
            <figcaption>{name}</figcaption>
          </figure>
        ) : (
          <a key={url} className="file" href={url} target="_blank" rel="noreferrer">
            📄 {name}
          </a>
        ),
      )}
    </div>
  );
}

function Reactions({ message, channelId }: { message: ScreenMessage; channelId: string }) {
  const { screen, act } = useDesk();
  if (message.reactions.length === 0) return null;
  return (
    <div className="reactions">
      {message.reactions.map(({ name, users }) => {
        const isMine = users.includes(screen.me.id);
        const who = users
          .map((id) => screen.people.find((person) => person.id === id)?.realName ?? id)
          .join(', ');
        return (
          <button
            key={name}
            type="button"
            className={isMine ? 'reaction mine' : 'reaction'}
            title={`${who} reacted with :${name}:`}
            aria-label={`${name}, ${users.length}`}
            aria-pressed={isMine}
            onClick={() => void act({ kind: 'react', channelId, ts: message.ts, name, isOn: !isMine })}
          >
            {EMOJI[name] ?? `:${name}:`} <span>{users.length}</span>
          </button>
        );
      })}
    </div>
  );
}

function ThreadFoot({ replies, open }: { replies: NonNullable<ScreenMessage['replies']>; open: () => void }) {
  const { screen } = useDesk();
  return (
    <button type="button" className="thread-foot" onClick={open}>
      {replies.userIds.slice(0, 4).map((id) => (
        <Avatar key={id} size="s" person={screen.people.find((person) => person.id === id)} />
      ))}
      <b>{replies.count === 1 ? '1 reply' : `${replies.count} replies`}</b>
      <span className="quiet">last {clockTime(replies.lastTs)}</span>
    </button>
  );
}

/** A text drawn as a message draws it, for previews. */
export function TextPreview({ text }: { text: string }) {
  return <TextBlocks blocks={textAsBlocks(text)} />;
}
