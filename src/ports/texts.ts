/** What people wrote, redacted, kept apart from the facts so that it can be erased. */
export interface Texts {
  /** Keeps `text` for the installation's retention. */
  put(key: string, text: string): Promise<void>;
  /** Absent when erased or past its retention. */
  get(key: string): Promise<string | undefined>;
  erase(key: string): Promise<void>;
}
