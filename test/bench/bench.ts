import type { Quantile } from './measure/quantiles.ts';

/** Measured values of one side, in rounds, so that the spread between rounds shows what a figure is worth. */
export interface Series {
  /** What was measured, in a few words. */
  name: string;
  rounds: readonly (readonly number[])[];
}

/** A figure of ours beside its anchor: the same work with everything taken away that is ours, in the same run. */
export interface Comparison {
  figure: string;
  unit: 'ms' | 'MB';
  /** What a write has survived when it counts as done. */
  durability: string;
  ours: Series;
  anchor: Series;
  /** What is compared. */
  by: Quantile;
  /** `ratio`: ours to the anchor; `value`: ours alone, in the unit. Absent: nothing was promised. */
  goal?: { kind: 'ratio' | 'value'; atMost: number };
}

export interface BenchOptions {
  /** Shorter rounds and fewer of them: for seeing that it works, not for figures. */
  quick: boolean;
  /** Told what is being measured. */
  progress(what: string): void;
}

/** One thing to measure. It judges no time: a slow machine is no fault. It throws when what it measures did not happen. */
export interface Bench {
  name: string;
  says: string;
  /** What it needs that not every machine has: it runs only when it is asked for by name. Absent: nothing. */
  needs?: string;
  run(options: BenchOptions): Promise<Comparison[]>;
}
