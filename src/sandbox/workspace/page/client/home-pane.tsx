import { useEffect } from 'react';
import type { ScreenView } from '../screen.ts';
import { BlockList } from './block-list.tsx';
import { useDesk } from './desk.ts';
import { PaneHead } from './pane-head.tsx';
import { useTyped } from './view-window.tsx';

/** The app's home tab. Opening it tells the app, which then publishes what to show. */
export function HomePane({ openMenu }: { openMenu: () => void }) {
  const { screen, act } = useDesk();
  const { home, app } = screen;
  useEffect(() => void act({ kind: 'open_home' }), [act]);
  return (
    <main className="pane">
      <PaneHead title={app.name} topic="Home" openMenu={openMenu} />
      <div className="home">
        {home === null ? (
          <p className="empty">{app.name} has not published a home tab yet.</p>
        ) : (
          <HomeView key={home.id} view={home} />
        )}
      </div>
    </main>
  );
}

function HomeView({ view }: { view: ScreenView }) {
  const { values, use } = useTyped(view);
  return <BlockList blocks={view.blocks} values={values} errors={view.errors} onUse={use} />;
}
