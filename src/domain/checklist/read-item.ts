import { own } from '../document/own.ts';
import { didYouMean } from '../naming/nearest.ts';
import { RULE_IDS } from '../policy/finding.ts';
import { RULE_BOOK } from '../policy/rule-book.ts';
import {
  type ChecklistCheck,
  type ChecklistItem,
  type ChecklistPhase,
  RECORDED,
  STATED,
} from './checklist.ts';

/** Names that items may use. */
export interface KnownNames {
  /** Absent: any name goes. */
  roles?: readonly string[] | undefined;
  /** Gate presets; absent: any name goes. */
  gates?: readonly string[] | undefined;
}

type ItemRead = { kind: 'item'; item: ChecklistItem } | { kind: 'faulty'; says: string[] };

interface Where {
  line: number;
  phase: ChecklistPhase;
  known: KnownNames;
}

const KEYS = ['rule', 'gate', 'fact', 'owner', 'evidence', 'by', 'when', 'before', 'id'] as const;
type Key = (typeof KEYS)[number];
type Keys = Partial<Record<Key, string>>;

const LONGEST = { words: 1_500, text: 300, id: 60, link: 500 } as const;
const RULES: readonly string[] = RULE_IDS.filter((rule) => RULE_BOOK[rule].judged === 'cut');
const EITHER =
  'says neither what checks it nor who answers for it: end it with (rule: …), (gate: …), (fact: …) or (owner: <role>; evidence: <link>)';

/** Reads the words of one task: what has to be so, and in brackets at the end the keys, parted by semicolons. */
export function readItem(words: string, { line, phase, known }: Where): ItemRead {
  if (words.length > LONGEST.words)
    return { kind: 'faulty', says: [`is longer than ${LONGEST.words} characters`] };
  const [, before = '', inside] = /^(.*?)\s*\(([^()]*)\)\s*$/s.exec(words) ?? [];
  if (inside === undefined || !/^\s*[a-z]+\s*:/.test(inside)) return { kind: 'faulty', says: [EITHER] };
  const text = before.replace(/\s+/g, ' ').trim();
  const { keys, says } = keysOf(inside);
  const checks = checksOf(keys);
  const faults = [
    ...says,
    ...textFaults(text),
    ...checks.flatMap((check) => checkFault(check, { phase, known })),
    ...answererFaults(keys, { hasChecks: checks.length > 0, known }),
    ...choiceFaults(keys, phase),
  ];
  const id = keys.id ?? slug(text);
  if (!/^[a-z0-9][a-z0-9-]*$/.test(id) || id.length > LONGEST.id)
    faults.push('needs an id: of lower-case letters, digits and hyphens');
  if (faults.length > 0) return { kind: 'faulty', says: faults };
  const blocks = blocksOf(keys, phase);
  return {
    kind: 'item',
    item: {
      id,
      phase,
      text,
      line,
      ...(blocks && { blocks }),
      checks,
      ...(keys.owner !== undefined && { owner: keys.owner }),
      ...(keys.evidence !== undefined && { evidence: keys.evidence === 'link' ? 'asked' : keys.evidence }),
      by: keys.by === 'anyone' ? 'anyone' : 'checker',
      ...(keys.when !== undefined && { when: keys.when as NonNullable<ChecklistItem['when']> }),
    },
  };
}

function keysOf(inside: string): { keys: Keys; says: string[] } {
  const keys: Keys = {};
  const says: string[] = [];
  for (const part of inside.split(';')) {
    const [, key = '', value = ''] = /^\s*([a-z]+)\s*:\s*(.*?)\s*$/s.exec(part) ?? [];
    if (!KEYS.some((each) => each === key))
      says.push(
        `has ${part.trim() || 'nothing'} between its brackets, which is no key; ${didYouMean(key, KEYS)}`,
      );
    else if (value === '') says.push(`says nothing after ${key}:`);
    else if (own(keys, key) !== undefined) says.push(`says ${key}: twice`);
    else keys[key as Key] = value;
  }
  return { keys, says };
}

function checksOf(keys: Keys): ChecklistCheck[] {
  return (['rule', 'gate', 'fact'] as const).flatMap((kind) =>
    (keys[kind] ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '')
      .map((name) => ({ kind, name })),
  );
}

function checkFault(
  { kind, name }: ChecklistCheck,
  { phase, known }: Pick<Where, 'phase' | 'known'>,
): string[] {
  const among = { rule: RULES, fact: Object.keys(RECORDED), gate: known.gates }[kind];
  if (kind === 'gate' && phase !== 'during')
    return [
      `asks for the gate ${name}: gates are judged while a release goes, so write it under During rollout`,
    ];
  if (among === undefined || among.includes(name)) return [];
  return [`asks for the ${kind} ${name}, which there is not; ${didYouMean(name, among)}`];
}

function answererFaults(
  { owner, evidence, by }: Keys,
  { hasChecks, known }: { hasChecks: boolean; known: KnownNames },
): string[] {
  if (hasChecks)
    return owner === undefined && evidence === undefined && by === undefined
      ? []
      : ['is checked by itself, so that nobody answers for it: leave out owner:, evidence: and by:'];
  if (owner === undefined && evidence === undefined) return [EITHER];
  if (owner === undefined) return ['says no owner: the role whose members answer for it'];
  return [
    ...(known.roles === undefined || known.roles.includes(owner)
      ? []
      : [`is owned by ${owner}, and there is no such role; ${didYouMean(owner, known.roles)}`]),
    ...(evidence === undefined
      ? ['says no evidence: write evidence: link, or the https address where it stands']
      : evidence === 'link' || isLink(evidence)
        ? []
        : [`has ${evidence} for evidence: write link, or an https address`]),
  ];
}

function choiceFaults({ by, when, before }: Keys, phase: ChecklistPhase): string[] {
  const among = (key: string, value: string | undefined, choices: readonly string[]): string[] =>
    value === undefined || choices.includes(value)
      ? []
      : [`has ${key}: ${value}; it is one of ${choices.join(', ')}`];
  return [
    ...among('by', by, ['checker', 'anyone']),
    ...among('when', when, STATED),
    ...among('before', before, ['wave', 'end']),
    ...(before !== undefined && phase !== 'during'
      ? ['has before:, which only means something under During rollout']
      : []),
  ];
}

function blocksOf({ before }: Keys, phase: ChecklistPhase): ChecklistItem['blocks'] {
  if (phase === 'preflight') return 'start';
  if (phase === 'rollback') return undefined;
  return before === 'wave' ? 'wave' : 'end';
}

function textFaults(text: string): string[] {
  if (text === '') return ['says nothing before its brackets'];
  return text.length > LONGEST.text ? [`is longer than ${LONGEST.text} characters`] : [];
}

/** Whether an address can be shown as evidence: https, and no longer than a line. */
export function isLink(text: string): boolean {
  if (text.length > LONGEST.link || /[\s<>|]/.test(text)) return false;
  return URL.canParse(text) && new URL(text).protocol === 'https:';
}

/** `Coverage ≥ 80 %` as `coverage-80`. */
function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, LONGEST.id)
    .replace(/-$/, '');
}
