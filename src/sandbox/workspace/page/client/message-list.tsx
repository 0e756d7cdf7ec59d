import { Fragment, useEffect, useRef } from 'react';
import type { ScreenMessage } from '../screen.ts';
import { MessageRow } from './message-row.tsx';
import { dayOf } from './time.ts';

/** Messages of one author within this time stand together. */
const FOLLOW_UP_SECONDS = 300;

/** Messages, oldest first, with a line for each day. Stays at the end unless the reader scrolled up. */
export function MessageList({
  messages,
  channelId,
  marked,
  openThread,
  children,
}: {
  messages: readonly ScreenMessage[];
  channelId: string;
  /** A message to show and mark; empty for none. */
  marked: string;
  openThread?: (ts: string) => void;
  /** What stands above the first message. */
  children?: React.ReactNode;
}) {
  const list = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);

  useEffect(() => {
    const box = list.current;
    const inner = box?.firstElementChild;
    if (box === null || !inner) return undefined;
    const growth = new ResizeObserver(() => {
      if (isAtEnd.current) box.scrollTop = box.scrollHeight;
    });
    growth.observe(inner);
    growth.observe(box);
    return () => growth.disconnect();
  }, []);

  useEffect(() => {
    if (marked === '') return;
    isAtEnd.current = false;
    document.getElementById(`m${marked}`)?.scrollIntoView({ block: 'center' });
  }, [marked]);

  return (
    <div
      className="messages"
      ref={list}
      role="log"
      aria-label="Messages"
      onScroll={({ currentTarget: box }) => {
        isAtEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
      }}
    >
      <div className="messages-inner">
        {children}
        {messages.map((message, index) => {
          const before = messages[index - 1];
          const isNewDay = before === undefined || dayOf(before.ts) !== dayOf(message.ts);
          return (
            <Fragment key={message.ts}>
              {isNewDay ? (
                <div className="day">
                  <span>{dayOf(message.ts)}</span>
                </div>
              ) : null}
              <MessageRow
                message={message}
                channelId={channelId}
                isFollowUp={!isNewDay && follows(message, before)}
                isMarked={message.ts === marked}
                {...(openThread === undefined ? {} : { openThread })}
              />
            </Fragment>
          );
        })}
      </div>
    </div>
  );
}

function follows(message: ScreenMessage, before: ScreenMessage): boolean {
  return (
    message.userId === before.userId &&
    message.isEphemeral === before.isEphemeral &&
    !message.isNotice &&
    !before.isNotice &&
    Number(message.ts) - Number(before.ts) < FOLLOW_UP_SECONDS
  );
}
