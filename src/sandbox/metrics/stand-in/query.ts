/** A condition on a label; a label that is absent is the empty text. */
export interface Matcher {
  label: string;
  holds(value: string): boolean;
}

/** A metric's name and conditions on its labels. */
export interface Selector {
  name: string;
  matchers: readonly Matcher[];
}

/** The part of PromQL that the sandbox's gates are written in. */
export type Query =
  | { kind: 'selector'; selector: Selector }
  | { kind: 'rate'; selector: Selector; rangeMs: number }
  /** Adds up what agrees in the labels `by`; everything when there are none. */
  | { kind: 'sum'; by: readonly string[]; of: Query }
  /** One by one, where all labels agree. */
  | { kind: 'divide'; dividend: Query; divisor: Query }
  | { kind: 'quantile'; q: number; of: Query };
