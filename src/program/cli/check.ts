import type { AreaReport, Finding } from '../check/finding.ts';
import type { Answer } from './answer.ts';

const WORDS = { ok: 'ok     ', warning: 'warning', fault: 'FAULT  ' } as const;

/** What a check found, area by area, each trouble with its remedy below it. Not fine when anything is a fault. */
export function checkAnswer(reports: readonly AreaReport[]): Answer {
  const findings = reports.flatMap((report) => report.findings);
  const count = (kind: Finding['kind']): number => findings.filter((one) => one.kind === kind).length;
  const areas = reports.map(({ area, findings: here }) => [area, ...here.flatMap(lines)].join('\n'));
  const total = [
    counted(count('fault'), 'fault'),
    counted(count('warning'), 'warning'),
    `${count('ok')} ok`,
  ].join(', ');
  return {
    isFine: count('fault') === 0,
    text: [...areas, total].join('\n\n'),
    json: { ok: count('fault') === 0, areas: reports },
  };
}

function lines(finding: Finding): string[] {
  const [first = '', ...more] = finding.says.split('\n');
  const indent = ' '.repeat(11);
  return [
    `  ${WORDS[finding.kind]}  ${first}`,
    ...more.map((line) => indent + line),
    ...(finding.kind !== 'ok' && finding.fix !== undefined ? [`${indent}→ ${finding.fix}`] : []),
  ];
}

function counted(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
