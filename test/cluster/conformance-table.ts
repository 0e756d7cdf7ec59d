/** What became of one case on each cluster. */
export interface CaseResult {
  readonly name: string;
  readonly simulated: boolean;
  readonly real: boolean;
}

const BEGIN = '<!-- conformance: begin -->';
const END = '<!-- conformance: end -->';

/** The document with the table of these results between its two marks. Throws when the marks are missing. */
export function withTable(document: string, results: readonly CaseResult[]): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`the document has no ${BEGIN} and ${END}`);
  const says = (holds: boolean): string => (holds ? 'holds' : '**does not hold**');
  const rows = results.map(({ name, simulated, real }) => `| ${name} | ${says(simulated)} | ${says(real)} |`);
  const table = ['| Case | Simulated | Real |', '| --- | --- | --- |', ...rows].join('\n');
  return `${document.slice(0, begin)}${BEGIN}\n\n${table}\n\n${document.slice(end)}`;
}
