/** The largest text that is looked at, in bytes of UTF-8: a manifest of a thousand services has about 300 KB. */
export const MAX_BYTES = 1024 * 1024;

/** Levels of maps and lists inside each other; the deepest Kubernetes objects that people write have about 15. */
export const MAX_DEPTH = 32;

/** Keys of one map. Library and schemas are quick with so many; 10,000 took 1.7 s in the library alone (yaml 2.9.1). */
export const MAX_KEYS = 2000;

/** Entries of one list of a document that this program gives a meaning to. */
export const MAX_ENTRIES = 2000;

/**
 * Keys and values of such a document: what checks it then runs beside everything else that the program does. A manifest of a
 * thousand services with rollouts, owners and dependencies has about 50,000.
 */
export const MAX_VALUES = 100_000;

/** Aliases of one file. With 100 of them, ten levels of ten references each are already refused. */
export const MAX_ALIASES = 100;

/** Faults told at once: nobody reads more, and a broken text can have one for each character. */
export const MAX_FAULTS = 20;

/** Length of an answer in bytes: aliases make a value larger than its text. */
export const MAX_ANSWER = 16 * 1024 * 1024;
