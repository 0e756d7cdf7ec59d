import type { ScreenChannel } from '../screen.ts';
import { titleOf } from './channel-pane.tsx';
import { useDesk } from './desk.ts';
import { PersonMenu } from './person-menu.tsx';
import type { Spot } from './use-place.ts';

/** The side bar: the workspace, its channels with what is new, the app, and who is at the screen. */
export function Sidebar({
  spot,
  go,
  become,
}: {
  spot: Spot;
  go: (spot: Spot) => void;
  become: (personId: string) => void;
}) {
  const { screen } = useDesk();
  const { channels } = screen;
  const directs = channels.filter(({ kind }) => kind === 'im');
  const open = channels.filter(({ kind, isArchived }) => kind !== 'im' && !isArchived);
  const joined = open.filter(({ isMember }) => isMember);
  const others = open.filter(({ isMember }) => !isMember);
  const link = (channel: ScreenChannel) => (
    <ChannelLink
      key={channel.id}
      channel={channel}
      isCurrent={spot.kind === 'channel' && spot.id === channel.id}
      go={() => go({ kind: 'channel', id: channel.id })}
    />
  );
  return (
    <nav className="sidebar" aria-label="Workspace">
      <header className="team">{screen.teamName}</header>
      <div className="sidebar-scroll">
        <Section title="Channels">{joined.map(link)}</Section>
        {others.length > 0 ? <Section title="More channels">{others.map(link)}</Section> : null}
        <Section title="App">
          <AppLinks spot={spot} go={go} />
          {directs.map(link)}
        </Section>
      </div>
      <PersonMenu become={become} />
    </nav>
  );
}

/** The app's home tab, a way to write to it, and its shortcuts. */
function AppLinks({ spot, go }: { spot: Spot; go: (spot: Spot) => void }) {
  const { screen, act } = useDesk();
  const { app, channels } = screen;
  const hasDirect = channels.some(({ kind, name }) => kind === 'im' && name === app.name);
  return (
    <>
      {app.hasHome ? (
        <li>
          <button
            type="button"
            className={spot.kind === 'home' ? 'link current' : 'link'}
            aria-current={spot.kind === 'home'}
            onClick={() => go({ kind: 'home' })}
          >
            <span className="mark">⌂</span>
            {app.name} home
          </button>
        </li>
      ) : null}
      {hasDirect ? null : (
        <li>
          <button
            type="button"
            className="link"
            onClick={() =>
              void act({ kind: 'open_direct' }).then(({ channelId }) => {
                if (channelId !== undefined) go({ kind: 'channel', id: channelId });
              })
            }
          >
            <span className="mark">+</span>Message {app.name}
          </button>
        </li>
      )}
      {app.globalShortcuts.map(({ id, name }) => (
        <li key={id}>
          <button
            type="button"
            className="link"
            onClick={() => void act({ kind: 'shortcut', callbackId: id })}
          >
            <span className="mark">⚡</span>
            {name}
          </button>
        </li>
      ))}
    </>
  );
}

function Section({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section>
      <h2>{title}</h2>
      <ul>{children}</ul>
    </section>
  );
}

function ChannelLink({
  channel,
  isCurrent,
  go,
}: {
  channel: ScreenChannel;
  isCurrent: boolean;
  go: () => void;
}) {
  const classes = ['link', isCurrent ? 'current' : '', channel.hasUnread ? 'unread' : ''];
  const marks = { public: '#', private: '🔒', im: '●' } as const;
  return (
    <li>
      <button
        type="button"
        className={classes.join(' ')}
        aria-current={isCurrent}
        aria-label={`${titleOf(channel)}${channel.hasUnread ? ', unread' : ''}`}
        onClick={go}
      >
        <span className="mark">{marks[channel.kind]}</span>
        <span className="name">{channel.name}</span>
        {channel.mentions > 0 ? <span className="badge">{channel.mentions}</span> : null}
      </button>
    </li>
  );
}
