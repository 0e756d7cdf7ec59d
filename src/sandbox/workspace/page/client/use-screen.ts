import { useCallback, useEffect, useRef, useState } from 'react';
import type { Screen } from '../screen.ts';
import { fetchScreen } from './server.ts';

/** The screen of a person, kept up to date. */
export interface LiveScreen {
  /** Absent until the first answer. */
  readonly screen: Screen | undefined;
  /** False while the workspace cannot be reached. */
  readonly isOnline: boolean;
  /** Asks again now. */
  readonly refresh: () => void;
}

/** Follows what a person sees: asks once, and again whenever the server says that something changed. */
export function useScreen(who: string, channelId: string): LiveScreen {
  const [screen, setScreen] = useState<Screen>();
  const [isOnline, setIsOnline] = useState(true);
  const asked = useRef(0);

  const refresh = useCallback(() => {
    asked.current += 1;
    const turn = asked.current;
    fetchScreen(who, channelId)
      .then((fresh) => {
        // Answers can overtake each other; only the latest question counts.
        if (turn === asked.current) setScreen(fresh);
      })
      .catch(() => setIsOnline(false));
  }, [who, channelId]);

  useEffect(() => {
    const stream = new EventSource('/page/changes');
    stream.onmessage = () => {
      setIsOnline(true);
      refresh();
    };
    stream.onerror = () => setIsOnline(false);
    return () => stream.close();
  }, [refresh]);

  return { screen, isOnline, refresh };
}
