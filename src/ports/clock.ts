/** Time as a port: nothing in `domain`, `gates`, `jobs` or `views` reads a clock of its own. */
export interface Clock {
  /** The present moment, in milliseconds since 1970. */
  now(): number;
}

/** Chance as a port. */
export interface Chance {
  /** A fresh identifier, unique for the installation. */
  id(): string;
}
