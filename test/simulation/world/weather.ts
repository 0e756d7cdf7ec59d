import type { Draw } from './draw.ts';

/** A part of the world that can be away for a while. */
export type Part = 'store' | 'git' | 'chat' | 'registry';

/** What happens to one call of a port, besides what it does. */
export type Upset =
  /** It is done, and answered. */
  | 'none'
  /** It is not done. */
  | 'refused'
  /** It is done, and the answer lost. */
  | 'lost'
  /** The caller gives up, and it is done afterwards. */
  | 'late'
  /** It is sent and done a second time. */
  | 'twice'
  /** The worker dies, before or after it is done. */
  | 'crashBefore'
  | 'crashAfter';

export interface Course {
  upset: Upset;
  /** Milliseconds on the way there. */
  beforeMs: number;
  /** Milliseconds on the way back. */
  afterMs: number;
}

/** How a call may be upset: not everything can happen to everything. */
export interface Sturdiness {
  part: Part | undefined;
  mayBeLate: boolean;
  mayBeTwice: boolean;
  /** Longest way back, in milliseconds. */
  longestBackMs: number;
}

/** What goes wrong in a world, and until when. */
export interface Weather {
  course(sturdiness: Sturdiness): Course;
  setAway(part: Part, isAway: boolean): void;
  /** From now on nothing goes wrong any more. */
  calm(): void;
}

/** Longest way of one call, in milliseconds: longer than a lease (2 s), shorter than any deadline of a port. */
export const LONGEST_WAY_MS = 3_000;
/** A call that comes too late is done within this, in milliseconds. */
export const LATE_MS = 1_500;

/** `severity`: 0 for a world of nothing but small delays, 1 for an ordinary storm. */
export function drawWeather(draw: Draw, severity: number): Weather {
  const away = new Set<Part>();
  let strength = severity;
  const way = (longestMs: number): number => {
    const chance = draw.number();
    if (chance < 0.85) return 0;
    if (chance < 1 - 0.008 * strength) return draw.integer(1, Math.min(20, longestMs));
    return draw.integer(20, Math.max(20, longestMs));
  };
  const upset = ({ part, mayBeLate, mayBeTwice }: Sturdiness): Upset => {
    if (part !== undefined && away.has(part)) return 'refused';
    const chance = draw.number() / Math.max(strength, 1e-9);
    if (chance < 0.004) return 'refused';
    if (chance < 0.007) return 'lost';
    if (chance < 0.009) return mayBeLate ? 'late' : 'lost';
    if (chance < 0.011) return mayBeTwice ? 'twice' : 'none';
    if (chance < 0.0114) return 'crashBefore';
    return chance < 0.0118 ? 'crashAfter' : 'none';
  };
  return {
    course: (sturdiness) => ({
      upset: upset(sturdiness),
      beforeMs: way(LONGEST_WAY_MS),
      afterMs: way(sturdiness.longestBackMs),
    }),
    setAway: (part, isAway) => void (isAway ? away.add(part) : away.delete(part)),
    calm() {
      strength = 0;
      away.clear();
    },
  };
}
