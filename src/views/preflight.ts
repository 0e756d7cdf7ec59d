import { type EnvironmentName, type ReleaseId, splitReleaseId } from '../domain/ids.ts';
import { type Exemption, isExemptible, type ShownRow } from '../domain/policy/exemption.ts';
import type { RuleId } from '../domain/policy/finding.ts';
import type { Risk } from '../domain/policy/risk.ts';
import { tallyOf, worstFirst } from '../domain/policy/row.ts';
import type { Request } from '../domain/request.ts';
import { code, join, type Mrkdwn, mention, mrkdwn, when } from '../domain/text/mrkdwn.ts';
import type { Answer, Block, Button, Message } from '../ports/message.ts';
import { count, shorten } from './words.ts';

/** Rows of a group that are shown one by one; the rest is counted, and in the file with every row. */
const SHOWN = 6;

/** Of what a row says; a manifest may hold words of any length, and a section of Slack 3000. */
const SAYS_MOST = 600;

/** What a preflight was of, and what it came to. */
export interface Judged {
  /** `checkout-2026-11-20.3 → prod`, or what would be cut. */
  of: string;
  rows: readonly ShownRow[];
  /** Absent where there is no plan, or none was recorded. */
  risk?: Risk | undefined;
  /** When it was judged. */
  at: string;
  /** Where it would go. */
  environment: EnvironmentName;
  /** Before each command. */
  prefix: string;
  /** Asks for it again; absent where it can no longer change anything. */
  again?: Extract<Request, { kind: 'preflight' }>;
}

/** Asks for the preflight of a release, as a button does. */
export function preflightRequest(id: ReleaseId): Extract<Request, { kind: 'preflight' }> {
  const { environment, name } = splitReleaseId(id);
  return { kind: 'preflight', release: name, environment, afresh: true, whole: false };
}

/** What the rules came to, in a line for a board: the count, and the first that is no pass. */
export function preflightLine(rows: readonly ShownRow[]): string {
  const first = worstFirst(rows).find((row) => row.outcome !== 'pass');
  const why = first === undefined ? '' : ` (${first.rule}: ${shorten(first.says, 120)})`;
  return `Preflight: ${tallyWords(rows)}${why}`;
}

/** `Risk: medium`, and what each point is for. */
export function riskWords({ level, points, parts }: Risk): string {
  const each = parts.map((part) => `${part.says} (${part.points})`).join(', ');
  return each === '' ? `Risk: ${level}` : `Risk: ${level}, ${points} points: ${each}`;
}

/** The same for a board. */
export function riskLine(risk: Risk): Mrkdwn {
  const each = risk.parts.map(({ says, points }) => `${says} (${points})`).join(', ');
  return mrkdwn`Risk: *${risk.level}*${each === '' ? '' : `: ${shorten(each, 400)}`}`;
}

/** `31 pass · 1 warn · 0 refuse`, and how much is not known where something is. */
export function tallyWords(rows: readonly ShownRow[]): string {
  const { pass, exempted, warn, refuse, unknown } = tallyOf(rows);
  return [
    `${pass} pass`,
    ...(exempted > 0 ? [`${exempted} exempted`] : []),
    `${warn} warn`,
    `${refuse} refuse`,
    ...(unknown > 0 ? [`${unknown} not known`] : []),
  ].join(' · ');
}

/** The table, grouped, refusals first, long groups folded. */
export function preflightTable(judged: Judged): Message {
  const { of, rows, risk, at, again } = judged;
  const { refusing } = tallyOf(rows);
  const verdict =
    refusing === 0
      ? 'nothing refuses it'
      : `${count(refusing, 'row')} ${refusing === 1 ? 'refuses' : 'refuse'} it`;
  const groups = GROUPS.map(({ title, has }) => ({ title, rows: rows.filter(has) }));
  const buttons: Button[] = again
    ? [
        { label: 'Run again', does: { ...again, afresh: true, whole: false } },
        { label: 'Every row', does: { ...again, afresh: false, whole: true } },
      ]
    : [];
  return {
    text: shorten(`Preflight of ${of}: ${verdict}`, 150),
    blocks: [
      {
        kind: 'section',
        text: mrkdwn`*Preflight of ${of}:* ${verdict}\n${tallyWords(rows)} · judged ${when(at, 'seconds')}${risk ? mrkdwn`\n${riskLine(risk)}` : mrkdwn``}`,
      },
      ...groups.flatMap((group) => groupBlocks(group)),
      ...exemptionHint(rows, judged),
      ...passBlocks(rows),
      ...(buttons.length > 0 ? [{ kind: 'buttons' as const, buttons }] : []),
    ],
  };
}

/** Every row as a file. */
export function preflightFile(judged: Judged): Answer {
  const name = `preflight-${judged.of.replace(/[^\w.-]+/g, '-')}.txt`;
  const text = `Preflight of ${judged.of}, judged ${judged.at}\n${tallyWords(judged.rows)}\n${judged.risk ? `${riskWords(judged.risk)}\n` : ''}\n${preflightText(judged.rows)}\n`;
  const line = `Every row of the preflight of ${judged.of}: ${tallyWords(judged.rows)}`;
  return {
    kind: 'file',
    name,
    text,
    message: { text: shorten(line, 150), blocks: [{ kind: 'section', text: mrkdwn`${line}` }] },
  };
}

/** Every row in plain text, a line or two each. */
export function preflightText(rows: readonly ShownRow[]): string {
  const width = Math.max(0, ...rows.map((row) => row.rule.length));
  return rows
    .map((row) => {
      const about = row.service === undefined ? '' : `${row.service}: `;
      const first = `${WORDS[row.outcome].padEnd(9)}  ${row.rule.padEnd(width)}  ${about}${row.says}`;
      const { exemption, remedy } = row;
      const then = exemption
        ? `→ ${exemption.id} until ${exemption.until}: ${exemption.reason}`
        : remedy && `→ ${remedy}`;
      const more = [placeOf(row), then].filter(Boolean).join('  ');
      return more === '' ? first : `${first}\n${' '.repeat(13 + width)}${more}`;
    })
    .join('\n');
}

/** A row in full: what is so, by which rule and where, and what to do. */
export function rowLines(row: ShownRow): Mrkdwn {
  const place = placeOf(row);
  const about = row.service === undefined ? mrkdwn`` : mrkdwn` · ${code(row.service)}`;
  const where = place === '' ? mrkdwn`` : mrkdwn` · ${place}`;
  const remedy = row.remedy && !row.exemption ? mrkdwn`\n${shorten(row.remedy, SAYS_MOST)}` : mrkdwn``;
  const exempted = row.exemption ? mrkdwn`\n${exemptedBy(row.exemption)}` : mrkdwn``;
  return mrkdwn`${shorten(row.says, SAYS_MOST)}\n_rule ${code(row.rule)}${about}${where}_${remedy}${exempted}`;
}

/** Who lets a row pass, until when and why. */
export function exemptedBy({ id, granted, asked, until, reason }: Exemption): Mrkdwn {
  const by = granted ? mrkdwn`*exempted by* ${mention(granted.by)}` : mrkdwn`*not granted yet*`;
  return mrkdwn`${by} until ${when(until, 'date')} (${id}, asked by ${mention(asked.by)}: ${shorten(reason, 300)})`;
}

const WORDS = {
  refuse: 'REFUSE',
  unknown: 'NOT KNOWN',
  exempted: 'exempted',
  warn: 'warn',
  pass: 'pass',
} as const;

const GROUPS: readonly { title: string; has: (row: ShownRow) => boolean }[] = [
  { title: 'Refused', has: (row) => row.outcome === 'refuse' },
  { title: 'Not known, and required', has: (row) => row.outcome === 'unknown' && row.refuses },
  { title: 'Not known', has: (row) => row.outcome === 'unknown' && !row.refuses },
  { title: 'Exempted', has: (row) => row.outcome === 'exempted' },
  { title: 'Warned', has: (row) => row.outcome === 'warn' },
];

/** How to be let off a rule for a while, where one that refuses allows it. */
export function exemptionHint(
  rows: readonly ShownRow[],
  { environment, prefix }: { environment: EnvironmentName; prefix: string },
): Block[] {
  const row = rows.find(({ refuses, rule }) => refuses && isExemptible(rule));
  if (row === undefined) return [];
  const { rule, service = '<service or release>' } = row;
  const typed = `/${prefix}release exempt ${rule} ${service} ${environment} --until 2h --reason "…"`;
  return [{ kind: 'context', texts: [mrkdwn`To be let off a rule for a while, ask with ${code(typed)}`] }];
}

function groupBlocks({ title, rows }: { title: string; rows: readonly ShownRow[] }): Block[] {
  if (rows.length === 0) return [];
  const more = rows.length - SHOWN;
  return [
    { kind: 'divider' },
    { kind: 'section', text: mrkdwn`*${title}* (${rows.length})` },
    ...rows.slice(0, SHOWN).map((row): Block => ({ kind: 'section', text: rowLines(row) })),
    ...(more > 0 ? [{ kind: 'context' as const, texts: [mrkdwn`and ${more} more`] }] : []),
  ];
}

/** Characters of what a pass tells. */
const LONGEST_TOLD = 500;

/** Rules whose pass is a number, a time or a name that people want to see. */
const TELLING: ReadonlySet<string> = new Set<RuleId>([
  'freeze-window',
  'error-budget',
  'no-active-sev1',
  'capacity',
]);

/** Passes say nothing one by one, but for those that tell what the world is like. */
function passBlocks(rows: readonly ShownRow[]): Block[] {
  const rules = [...new Set(rows.filter((row) => row.outcome === 'pass').map((row) => row.rule))];
  if (rules.length === 0) return [];
  const told = rows
    .filter((row) => row.outcome === 'pass' && TELLING.has(row.rule))
    .map((row) => mrkdwn`${code(row.rule)} ${shorten(row.says, LONGEST_TOLD)}`);
  return [
    { kind: 'context', texts: [mrkdwn`Pass: ${join(rules.map(code), ', ')}`] },
    ...(told.length > 0 ? [{ kind: 'context' as const, texts: [join(told, '\n')] }] : []),
  ];
}

function placeOf({ file, path, line }: ShownRow): string {
  if (file === undefined) return '';
  return line === undefined ? [file, path].filter(Boolean).join(' ') : `${file}:${line}`;
}
