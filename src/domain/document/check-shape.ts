import type { z } from 'zod';
import { nearest } from '../naming/nearest.ts';
import { type Fault, faultAt, inFileOrder, type Path, type SourceDocument } from './fault.ts';
import { allowedKeys } from './known-keys.ts';

/** A document that has the shape of its schema, or everything that is wrong with it. */
export type Checked<T> = { kind: 'valid'; value: T } | { kind: 'faulty'; faults: Fault[] };

/** Parses a document, and words every fault for the person who wrote it, with its place. Throws nothing. */
export function checkShape<S extends z.ZodType>(schema: S, document: SourceDocument): Checked<z.output<S>> {
  const parsed = schema.safeParse(document.value, { error: wordIssue });
  if (parsed.success) return { kind: 'valid', value: parsed.data };
  const asked = { keysAt: allowedKeys(schema), document };
  const faults = parsed.error.issues.flatMap((issue) => faultsOf(issue, [], asked));
  return { kind: 'faulty', faults: inFileOrder(faults) };
}

type Issue = z.core.$ZodIssue;

interface Asked {
  keysAt: (path: Path) => string[];
  document: SourceDocument;
}

function faultsOf(issue: Issue, under: Path, asked: Asked): Fault[] {
  const path = [...under, ...issue.path.filter((step) => typeof step !== 'symbol')];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const allowed = asked.keysAt(path);
      return issue.keys.map((key) => faultAt(asked.document, [...path, key], unknownKey(key, allowed)));
    }
    case 'invalid_union': {
      const branch = likeliestBranch(issue);
      if (branch === undefined) return [faultAt(asked.document, path, issue.message)];
      return branch.flatMap((inner) => faultsOf(inner, path, asked));
    }
    case 'invalid_key': {
      const says = issue.issues.map((inner) => inner.message).join('; ');
      return [faultAt(asked.document, path, `this name ${says}`)];
    }
    default:
      return [faultAt(asked.document, path, issue.message)];
  }
}

function unknownKey(key: string, allowed: readonly string[]): string {
  const near = nearest(key, allowed);
  if (near !== undefined) return `is not a known key; did you mean ${near}?`;
  return allowed.length > 0 ? `is not a known key; known: ${allowed.join(', ')}` : 'is not a known key';
}

/**
 * The alternative a person most likely meant: one that is at least of the right kind, with the fewest faults. Absent when
 * the union has words of its own or none fits at all.
 */
function likeliestBranch(issue: z.core.$ZodIssueInvalidUnion): readonly Issue[] | undefined {
  if (issue.message !== UNION_FALLBACK) return undefined;
  const ofTheRightKind = issue.errors.filter((branch) =>
    branch.every((inner) => inner.path.length > 0 || inner.code !== 'invalid_type'),
  );
  return ofTheRightKind.toSorted((a, b) => weight(a) - weight(b))[0];
}

function weight(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);
}

const UNION_FALLBACK = 'has none of the allowed forms';

/** Words for what zod found, where the schema itself has none. The sentence follows the path: `spec.type must be …`. */
function wordIssue(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(String(issue.expected), issue.input);
    case 'invalid_union':
      return issue.input === undefined ? 'is missing' : UNION_FALLBACK;
    case 'invalid_value':
      return wrongValue(issue.values.map(String), issue.input);
    case 'invalid_format':
      return `does not have the right form: ${JSON.stringify(issue.input)}`;
    case 'too_small':
      return `must be at least ${issue.minimum}${UNITS[issue.origin] ?? ''}`;
    case 'too_big':
      return `must be at most ${issue.maximum}${UNITS[issue.origin] ?? ''}`;
    default:
      return undefined;
  }
}

const UNITS: Readonly<Record<string, string>> = {
  string: ' characters long',
  array: ' entries long',
  object: ' entries',
};

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
  null: 'empty',
};

function wrongType(expected: string, input: unknown): string {
  const wanted = KINDS[expected] ?? expected;
  if (input === undefined) return `is missing: it must be ${wanted}`;
  if (expected === 'string' && (typeof input === 'number' || typeof input === 'boolean')) {
    return `YAML reads this as ${JSON.stringify(input)}, not as text: quote it, as in "${input}"`;
  }
  const found = input === null ? 'null' : Array.isArray(input) ? 'array' : typeof input;
  return `must be ${wanted}, not ${KINDS[found] ?? found}`;
}

function wrongValue(values: readonly string[], input: unknown): string {
  if (input === undefined) return `is missing: it must be ${values.join(' or ')}`;
  const near = typeof input === 'string' ? nearest(input, values) : undefined;
  const allowed = values.length === 1 ? `must be ${values[0]}` : `must be one of ${values.join(', ')}`;
  return near === undefined || values.length === 1 ? allowed : `${allowed}; did you mean ${near}?`;
}
