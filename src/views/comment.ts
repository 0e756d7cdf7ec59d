import type { Told } from '../domain/told.ts';

/** GitHub takes 65,536 characters; what is longer than this nobody reads in a comment. */
const LONGEST = 20_000;

/**
 * An answer as a comment. What is said stands in a block of code, where Markdown means nothing: it names nobody, links nothing and
 * hides nothing, whoever wrote it.
 */
export function commentText({ text, file, form, actions }: Told): string {
  const next = [...(form ? [form.submit] : []), ...actions].map(
    ({ label, press }) => `- ${plain(label)}: comment \`/press ${press}\``,
  );
  const said = [text, ...(file ? ['', file.text] : [])].join('\n');
  const shown = said.length > LONGEST ? `${said.slice(0, LONGEST)}\n… and more, in Slack` : said;
  return [`\`\`\`text\n${fenced(shown)}\n\`\`\``, ...(next.length > 0 ? [next.join('\n')] : [])].join('\n\n');
}

/** A fence inside would end ours. */
function fenced(text: string): string {
  return text.replaceAll('`', 'ˋ');
}

function plain(label: string): string {
  return label.replaceAll(/[^\p{L}\p{N} .,:→%()-]/gu, '');
}
