/** Chance that repeats: the same seed draws the same. */
export interface Draw {
  /** From 0 to 1, exclusive of 1. */
  number(): number;
  /** A whole number between the two, both included. */
  integer(from: number, to: number): number;
  /** True with this probability: 0 never, 1 always. */
  happens(probability: number): boolean;
  /** Throws `RangeError` for an empty list. */
  pick<T>(list: readonly T[]): T;
  /** As many of a list as are asked for, in an order of their own; all of it where there are fewer. */
  some<T>(list: readonly T[], count: number): T[];
  /** Chance of its own, so that drawing more of one thing does not change another. */
  fork(): Draw;
}

/** Mulberry32: small, fast, and good enough to tell one run from another (https://gist.github.com/tommyettinger/46a874533244883189143505d203312c). */
export function drawFrom(seed: number): Draw {
  let state = seed >>> 0;
  const number = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (from: number, to: number): number => from + Math.floor(number() * (to - from + 1));
  const pick = <T>(list: readonly T[]): T => {
    const [picked] = list.slice(integer(0, list.length - 1));
    if (picked === undefined) throw new RangeError('nothing to pick from');
    return picked;
  };
  return {
    number,
    integer,
    happens: (probability) => number() < probability,
    pick,
    some(list, count) {
      const left = [...list];
      const taken: typeof left = [];
      while (left.length > 0 && taken.length < count)
        taken.push(...left.splice(integer(0, left.length - 1), 1));
      return taken;
    },
    fork: () => drawFrom(integer(0, 2 ** 32 - 1)),
  };
}
