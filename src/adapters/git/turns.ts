/** One writer's turn at a repository. */
export interface TurnRequest {
  repository: string;
  /** Recovery: goes before everybody who waits, and does not wait for what hangs. */
  urgent: boolean;
}

/**
 * Gives one writer at a time a turn at a repository. The signal is aborted when the turn is taken away: what is under way must end,
 * and may have happened. Implementations that span processes take a lease; the branch itself is safe without, because a push only
 * ever moves it forward from the commit it was built on.
 */
export type WithRepository = <T>(turn: TurnRequest, write: (signal: AbortSignal) => Promise<T>) => Promise<T>;

export interface TurnOptions {
  /** How long a turn may have lasted, in milliseconds, before an urgent one ends it. A push that is well takes less. */
  hungAfterMs: number;
}

interface Turn {
  urgent: boolean;
  since: number;
  end: AbortController;
  timer?: NodeJS.Timeout;
}

/** Everybody at one repository. `isTaken` spans the moment in which a turn passes from one to the next. */
interface Line {
  isTaken: boolean;
  current?: Turn;
  waiting: { urgent: boolean; begin(): void }[];
}

/** Turns within this process, in the order of arrival but for the urgent ones. */
export function turnsInProcess({ hungAfterMs }: TurnOptions): WithRepository {
  const lines = new Map<string, Line>();
  return async ({ repository, urgent }, write) => {
    const line: Line = lines.get(repository) ?? { isTaken: false, waiting: [] };
    lines.set(repository, line);
    await enter(line, { urgent, hungAfterMs });
    const turn: Turn = { urgent, since: performance.now(), end: new AbortController() };
    line.current = turn;
    hurry(line, hungAfterMs);
    try {
      return await write(turn.end.signal);
    } finally {
      clearTimeout(turn.timer);
      leave(line);
    }
  };
}

async function enter(line: Line, { urgent, hungAfterMs }: { urgent: boolean } & TurnOptions): Promise<void> {
  if (!line.isTaken) {
    line.isTaken = true;
    return;
  }
  await new Promise<void>((begin) => {
    const behind = urgent ? line.waiting.findIndex((one) => !one.urgent) : -1;
    line.waiting.splice(behind === -1 ? line.waiting.length : behind, 0, { urgent, begin });
    hurry(line, hungAfterMs);
  });
}

function leave(line: Line): void {
  delete line.current;
  const next = line.waiting.shift();
  if (next) next.begin();
  else line.isTaken = false;
}

/** An urgent one that waits leaves the present turn the time that a healthy one takes, and no more. */
function hurry(line: Line, hungAfterMs: number): void {
  const { current } = line;
  if (current === undefined || current.urgent || current.timer || !line.waiting.some((one) => one.urgent))
    return;
  const left = Math.max(0, current.since + hungAfterMs - performance.now());
  current.timer = setTimeout(() => current.end.abort(), left);
}
