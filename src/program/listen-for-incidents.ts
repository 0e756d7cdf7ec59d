import type { Ports } from '../ports/ports.ts';

/** How soon another process's new incident is heard of. */
const LOOK_EVERY_MS = 1_000;

/**
 * Whether anything said in a channel may be of use: only while an incident is open, because what is not of use is never kept. When
 * that cannot be told, it may be; so it may in a channel that is new, which may be that of an incident opened since the last look.
 */
export function listenForIncidents({ ledger }: Pick<Ports, 'ledger'>): {
  hears: (channel: string) => boolean;
  stop(): void;
} {
  let isOpen = true;
  let unknown = new Set<string>();
  /** Channels that were there before a look that found no incident open. */
  const ordinary = new Set<string>();
  const look = () => {
    const before = unknown;
    unknown = new Set();
    ledger.unfinished().then(
      (streams) => {
        isOpen = streams.some((stream) => stream.startsWith('incident:'));
        if (!isOpen) for (const channel of before) ordinary.add(channel);
      },
      () => {
        isOpen = true;
      },
    );
  };
  look();
  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    hears(channel) {
      if (isOpen) return true;
      if (ordinary.has(channel)) return false;
      unknown.add(channel);
      return true;
    },
    stop: () => clearInterval(timer),
  };
}
