/** What a command of the command line has to say. */
export interface Answer {
  /** Whether the process ends with 0. */
  isFine: boolean;
  /** Nobody understood what was typed: the process ends with 2. */
  isMisunderstood?: boolean;
  /** For people, without a newline at the end. */
  text: string;
  /** The same for programs. */
  json: unknown;
}

/** How faults are written for people: a line each, or as annotations of a GitHub workflow. */
export const FORMS = ['text', 'github'] as const;
export type Form = (typeof FORMS)[number];
