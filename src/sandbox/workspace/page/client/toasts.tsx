import { useState } from 'react';
import { useDesk } from './desk.ts';
import { TextPreview } from './message-row.tsx';

/** More at once would cover what they speak of. */
const MOST = 3;

/**
 * Notifications that came since this person sat down, for channels other than the one looked at; and whatever went
 * wrong. The style sheet lets each fade after a while. Give it the person's id as key.
 */
export function Toasts({
  wrong,
  dismissWrong,
  channelId,
}: {
  /** Words about what went wrong; empty when nothing did. */
  wrong: string;
  dismissWrong: () => void;
  channelId: string;
}) {
  const { screen, goTo } = useDesk();
  const [since] = useState(() => Number(screen.notifications.at(-1)?.ts ?? 0));
  const fresh = screen.notifications.filter((one) => Number(one.ts) > since && one.channelId !== channelId);
  return (
    <div className="toasts" aria-live="polite">
      {wrong === '' ? null : (
        <button type="button" className="toast toast-wrong" onClick={dismissWrong}>
          <b>That did not work</b>
          <span>{wrong}</span>
        </button>
      )}
      {fresh.slice(-MOST).map((one) => (
        <button
          key={one.ts}
          type="button"
          className="toast toast-news"
          onClick={() => goTo(one.channelId, one.ts)}
        >
          <b>{screen.channels.find(({ id }) => id === one.channelId)?.name ?? 'Message'}</b>
          <TextPreview text={one.text} />
        </button>
      ))}
    </div>
  );
}
