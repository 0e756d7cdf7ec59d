/** What a command of the command line has to say. */
export interface Answer {
  /** Whether the process ends with 0. */
  isFine: boolean;
  /** For people, without a newline at the end. */
  text: string;
  /** The same for programs. */
  json: unknown;
}
