import { useEffect, useMemo } from 'react';
import { ChannelPane } from './channel-pane.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { type Desk, DeskProvider, useDesk } from './desk.ts';
import { HomePane } from './home-pane.tsx';
import { PaneHead } from './pane-head.tsx';
import { followLink } from './permalink.ts';
import { Sidebar } from './sidebar.tsx';
import { ThreadPane } from './thread-pane.tsx';
import { Toasts } from './toasts.tsx';
import { TryPanel } from './try-panel.tsx';
import { useActs } from './use-acts.ts';
import { type Place, usePlace } from './use-place.ts';
import { useQuestion } from './use-question.ts';
import { useScreen } from './use-screen.ts';
import { ViewWindow } from './view-window.tsx';

/** The whole page: who sits at the screen, where that person is, and everything around it. */
export function App() {
  const place = usePlace();
  const { go, channelId } = place;
  const { screen, isOnline, refresh } = useScreen(place.who, channelId);
  const { act, wrong, dismissWrong } = useActs(screen?.me.id ?? place.who, refresh);
  const { question, ask } = useQuestion();

  const startId = screen?.startChannelId ?? null;
  const isLost = screen !== undefined && !screen.channels.some(({ id }) => id === channelId);
  // A person who cannot see the channel, or who has not chosen one, stands where that person starts.
  useEffect(() => {
    if (place.spot.kind === 'channel' && isLost && startId !== null) go({ kind: 'channel', id: startId });
  }, [place.spot, isLost, startId, go]);

  useEffect(() => {
    if (screen === undefined) return;
    const waiting = screen.me.waiting > 0 ? `(${screen.me.waiting}) ` : '';
    document.title = `${waiting}${screen.me.realName} · ${screen.teamName}`;
  }, [screen]);

  const desk = useMemo<Desk | undefined>(() => {
    if (screen === undefined) return undefined;
    return { screen, act, ask, goTo: (id, ts) => go({ kind: 'channel', id }, ts) };
  }, [screen, act, ask, go]);
  if (desk === undefined) return <p className="loading">Opening the workspace …</p>;
  return (
    <DeskProvider value={desk}>
      <div className="page" onClickCapture={(event) => followLink(event, desk.goTo)}>
        <Frame place={place} />
        <Toasts key={desk.screen.me.id} {...{ wrong, dismissWrong, channelId }} />
        <Windows />
        {question === undefined ? null : <ConfirmDialog {...question} />}
        {isOnline ? null : (
          <div className="offline" role="status">
            The workspace cannot be reached. Trying again …
          </div>
        )}
      </div>
    </DeskProvider>
  );
}

/** Side bar, channel or home, and a third column for a thread or the panel. */
function Frame({ place }: { place: Place }) {
  const { screen } = useDesk();
  const { spot, channelId, marked, threadTs, isMenuOpen, openThread } = place;
  const channel = screen.channels.find(({ id }) => id === channelId);
  const openMenu = () => place.showMenu(true);
  return (
    <div className={isMenuOpen ? 'app menu-open' : 'app'}>
      <Sidebar spot={spot} go={place.go} become={place.become} />
      <button type="button" className="scrim" aria-label="Close menu" onClick={() => place.showMenu(false)} />
      {spot.kind === 'home' ? (
        <HomePane openMenu={openMenu} />
      ) : channel === undefined ? (
        <main className="pane">
          <PaneHead title={screen.teamName} topic="" openMenu={openMenu} />
          <p className="empty">You are in no channel. Somebody has to invite you to one.</p>
        </main>
      ) : (
        <ChannelPane {...{ channel, marked, openMenu, openThread }} />
      )}
      {threadTs !== '' && channel !== undefined ? (
        <ThreadPane {...{ channel, threadTs, marked }} close={() => openThread('')} />
      ) : (
        <TryPanel markdown={screen.thingsToTry} />
      )}
    </div>
  );
}

/** The modal on top, if there is one. */
function Windows() {
  const { modals } = useDesk().screen;
  const top = modals.at(-1);
  return top === undefined ? null : <ViewWindow key={top.id} view={top} depth={modals.length} />;
}
