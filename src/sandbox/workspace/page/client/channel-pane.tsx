import { useEffect } from 'react';
import type { ScreenChannel } from '../screen.ts';
import { Composer } from './composer.tsx';
import { useDesk } from './desk.ts';
import { MessageList } from './message-list.tsx';
import { PaneHead } from './pane-head.tsx';

/** A channel: its head, its messages, the box to write in. */
export function ChannelPane({
  channel,
  marked,
  openMenu,
  openThread,
}: {
  channel: ScreenChannel;
  marked: string;
  openMenu: () => void;
  openThread: (ts: string) => void;
}) {
  const { screen, act } = useDesk();
  const messages = screen.messages.filter(({ threadTs, isBroadcast, isEphemeral }) =>
    isEphemeral ? threadTs === null : threadTs === null || isBroadcast,
  );
  // Replies count as read with the channel: their thread is one press away.
  const last = screen.messages.at(-1)?.ts;
  const isNews = channel.hasUnread || channel.mentions > 0;
  useEffect(() => {
    if (last !== undefined && isNews) void act({ kind: 'read', channelId: channel.id, ts: last });
  }, [last, isNews, channel.id, act]);

  return (
    <main className="pane">
      <PaneHead title={titleOf(channel)} topic={channel.topic} openMenu={openMenu}>
        {channel.kind === 'im' ? null : (
          <span className="members" title="Members">
            👥 {channel.memberCount}
          </span>
        )}
      </PaneHead>
      <Bookmarks channel={channel} />
      <MessageList
        key={channel.id}
        messages={messages}
        channelId={channel.id}
        marked={marked}
        openThread={openThread}
      >
        <Beginning channel={channel} isEmpty={messages.length === 0} />
      </MessageList>
      <ChannelFoot channel={channel} />
    </main>
  );
}

function Bookmarks({ channel }: { channel: ScreenChannel }) {
  if (channel.bookmarks.length === 0) return null;
  return (
    <nav className="bookmarks" aria-label="Bookmarks">
      {channel.bookmarks.map(({ id, title, link }) => (
        <a key={id} href={link} target="_blank" rel="noreferrer">
          🔖 {title}
        </a>
      ))}
    </nav>
  );
}

/** `#releases`, or the person's name. */
export function titleOf({ kind, name }: ScreenChannel): string {
  return kind === 'im' ? name : `${kind === 'private' ? '🔒 ' : '#'}${name}`;
}

function Beginning({ channel, isEmpty }: { channel: ScreenChannel; isEmpty: boolean }) {
  const { screen } = useDesk();
  const [first] = screen.app.commands;
  return (
    <div className="beginning">
      <h2>{titleOf(channel)}</h2>
      <p>
        {channel.kind === 'im' ? 'The beginning of your conversation.' : 'The beginning of this channel.'}
        {channel.topic === '' ? '' : ` ${channel.topic}.`}
      </p>
      {isEmpty && first !== undefined && !channel.isArchived ? (
        <p>
          Nothing has been said here. Try <code>{first.command} help</code>.
        </p>
      ) : null}
    </div>
  );
}

function ChannelFoot({ channel }: { channel: ScreenChannel }) {
  const { act } = useDesk();
  if (channel.isArchived) return <div className="pane-foot">This channel is archived.</div>;
  if (!channel.isMember) {
    return (
      <div className="pane-foot">
        You are looking at <b>{titleOf(channel)}</b>.
        <button
          type="button"
          className="button primary"
          onClick={() => void act({ kind: 'join', channelId: channel.id })}
        >
          Join channel
        </button>
      </div>
    );
  }
  return <Composer key={channel.id} channelId={channel.id} channelName={titleOf(channel)} />;
}
