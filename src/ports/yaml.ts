import type { OwnedKey } from '../domain/content.ts';
import type { KeyOrder } from '../domain/document/key-order.ts';

/** A fault with its place in the text; line and column count from 1. */
export interface YamlFault {
  message: string;
  line: number;
  column: number;
}

/** Finds the place of a value by its path in the document. */
export type Locate = (path: readonly (string | number)[]) => { line: number; column: number } | undefined;

export type YamlRead =
  | { kind: 'read'; value: unknown; locate: Locate }
  | { kind: 'refused'; faults: YamlFault[] };

export type YamlEdited =
  | { kind: 'edited'; text: string; before: OwnedKey[] }
  /** A path that does not exist and cannot be made, or a document that cannot be read. */
  | { kind: 'refused'; faults: YamlFault[] };

/** A document in the one order and layout; the same text when it was so already. */
export type YamlFormatted = { kind: 'formatted'; text: string } | { kind: 'refused'; faults: YamlFault[] };

/** Every document of a file, those with nothing in them left out; aliases and merge keys are followed. */
export type YamlReadAll = { kind: 'read'; values: unknown[] } | { kind: 'refused'; faults: YamlFault[] };

/**
 * YAML behind a guard: size, depth, key and alias limits are measured before anything is built, outside the event loop,
 * with a deadline. Throws `UnavailableError` only when the guard itself cannot run.
 */
export interface Yaml {
  /** One document that this program gives a meaning to: no anchors, aliases, tags, merge keys or directives. */
  read(text: string): Promise<YamlRead>;
  /** A file that people and other programs keep, such as a kustomization or a Helm values file. */
  readAll(text: string): Promise<YamlReadAll>;
  /** Sets the keys, comments and order kept, and tells what was there. */
  edit(text: string, keys: readonly OwnedKey[]): Promise<YamlEdited>;
  /** One document with its known keys in order and in one layout, comments kept. Says the same and is as it was, or is refused. */
  format(text: string, order: KeyOrder): Promise<YamlFormatted>;
  write(value: unknown): string;
}
