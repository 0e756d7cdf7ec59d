import type { z } from 'zod';
import { nearest } from '../naming/nearest.ts';
import { type Fault, faultAt, inFileOrder, type Path, type SourceDocument } from './fault.ts';
import { allowedKeys } from './known-keys.ts';
import { shown } from './shown.ts';

/** A document that has the shape of its schema, or everything that is wrong with it. */
export type Checked<T> = { kind: 'valid'; value: T } | { kind: 'faulty'; faults: Fault[] };

/** Faults told at once: more than anybody mends before looking again. A text can have one for every few characters. */
export const MOST_FAULTS = 100;

/** Words are looked for only so often: finding the nearest name takes microseconds, and there can be a hundred thousand faults. */
const MOST_WORDED = 10 * MOST_FAULTS;

export interface CheckOptions {
  /**
   * Whether faults show the value they are about, shortened. Absent: no. A configuration can hold a secret where the name of its
   * variable belongs, and messages about it reach logs.
   */
  showValues?: boolean;
}

/**
 * Parses a document, and words every fault for the person who wrote it, with its place; of very many faults the first, and how
 * many more there are. Throws nothing.
 */
export function checkShape<S extends z.ZodType>(
  schema: S,
  document: SourceDocument,
  { showValues = false }: CheckOptions = {},
): Checked<z.output<S>> {
  let worded = 0;
  const parsed = schema.safeParse(document.value, {
    error: (issue) => {
      worded += 1;
      return worded > MOST_WORDED ? 'is not allowed' : wordIssue(issue);
    },
  });
  const passedOver = protoFaults(document);
  if (parsed.success && passedOver.length === 0) return { kind: 'valid', value: parsed.data };
  const asked = { keysAt: allowedKeys(schema), document, showValues };
  const issues = parsed.error?.issues ?? [];
  const shape = issues.slice(0, MOST_FAULTS).flatMap((issue) => faultsOf(issue, [], asked));
  const said = new Set(passedOver.map(({ path }) => path));
  const faults = [...passedOver, ...shape.filter(({ path }) => !said.has(path))];
  const told = faults.slice(0, MOST_FAULTS);
  const untold = Math.max(issues.length, faults.length) - told.length;
  const more =
    untold > 0 ? [faultAt(document, [], `has ${untold} more faults, told when these are mended`)] : [];
  return { kind: 'faulty', faults: [...inFileOrder(told), ...more] };
}

/** Id of the rule that no key is `__proto__`, which schemas leave out without a word. */
export const PROTO_RULE = 'no-proto-key';

/** Keys by that name, wherever they stand. */
function protoFaults(document: SourceDocument): Fault[] {
  const found: Path[] = [];
  const open: { value: unknown; path: Path }[] = [{ value: document.value, path: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path } = next;
    if (typeof value !== 'object' || value === null) continue;
    if (Object.hasOwn(value, '__proto__')) found.push([...path, '__proto__']);
    const isList = Array.isArray(value);
    for (const [step, inner] of Object.entries(value)) {
      if (typeof inner === 'object')
        open.push({ value: inner, path: [...path, isList ? Number(step) : step] });
    }
  }
  return found.slice(0, MOST_FAULTS).map((path) => ({
    ...faultAt(document, path, 'cannot be a key: every object has it, and it would be passed over'),
    rule: PROTO_RULE,
  }));
}

type Issue = z.core.$ZodIssue;

interface Asked {
  keysAt: (path: Path) => string[];
  document: SourceDocument;
  showValues: boolean;
}

function faultsOf(issue: Issue, under: Path, asked: Asked): Fault[] {
  const path = [...under, ...issue.path.filter((step) => typeof step !== 'symbol')];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const allowed = asked.keysAt(path);
      return issue.keys
        .slice(0, MOST_FAULTS)
        .map((key) => faultAt(asked.document, [...path, key], unknownKey(key, allowed)));
    }
    case 'invalid_union': {
      const branch = likeliestBranch(issue);
      if (branch === undefined) return [valueFault(issue, path, asked)];
      return branch.flatMap((inner) => faultsOf(inner, path, asked));
    }
    case 'invalid_key': {
      const says = issue.issues.map((inner) => inner.message).join('; ');
      return [faultAt(asked.document, path, `this name ${says}`)];
    }
    default:
      return [valueFault(issue, path, asked)];
  }
}

/** A fault of a value, with what stands there where the words do not say it already. */
function valueFault(issue: Issue, path: Path, { document, showValues }: Asked): Fault {
  const value = showValues ? valueAt(document.value, path) : undefined;
  const isPlain = value !== undefined && value !== null && typeof value !== 'object';
  const saysIt = issue.message.startsWith(YAML_READS);
  const fault = faultAt(
    document,
    path,
    isPlain && !saysIt ? `${issue.message}; it is ${shown(value)}` : issue.message,
  );
  const rule: unknown = issue.code === 'custom' ? issue.params?.['rule'] : undefined;
  return typeof rule === 'string' ? { ...fault, rule } : fault;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, step) => {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    return (at as Record<string, unknown>)[step];
  }, value);
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

/** How the words about a scalar of another type begin; they show it. */
const YAML_READS = 'YAML reads this as';

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
      return 'does not have the right form';
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
    return `${YAML_READS} ${JSON.stringify(input)}, not as text: quote it, as in "${input}"`;
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
