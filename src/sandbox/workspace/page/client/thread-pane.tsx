import type { ScreenChannel } from '../screen.ts';
import { titleOf } from './channel-pane.tsx';
import { Composer } from './composer.tsx';
import { useDesk } from './desk.ts';
import { MessageList } from './message-list.tsx';

/** A thread beside its channel. */
export function ThreadPane({
  channel,
  threadTs,
  marked,
  close,
}: {
  channel: ScreenChannel;
  threadTs: string;
  marked: string;
  close: () => void;
}) {
  const { screen } = useDesk();
  const messages = screen.messages.filter(
    (message) => message.ts === threadTs || message.threadTs === threadTs,
  );
  return (
    <aside
      className="thread"
      aria-label="Thread"
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
    >
      <header className="pane-head">
        <h2>Thread</h2>
        <span className="topic">{titleOf(channel)}</span>
        <button type="button" className="icon-button" aria-label="Close thread" onClick={close}>
          ✕
        </button>
      </header>
      <MessageList key={threadTs} messages={messages} channelId={channel.id} marked={marked}>
        {messages.length === 0 ? <p className="empty">This message is gone.</p> : null}
      </MessageList>
      {channel.isMember && !channel.isArchived ? (
        <Composer key={threadTs} channelId={channel.id} channelName={titleOf(channel)} threadTs={threadTs} />
      ) : null}
    </aside>
  );
}
