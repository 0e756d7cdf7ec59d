import { TerminalError } from '../../errors.ts';

/** The trailer that makes a commit its own record: a commit with it is on the branch, or the operation has not happened. */
export const OPERATION_TRAILER = 'Release-Op';

/** Source: https://git-scm.com/docs/git-interpret-trailers */
const TRAILER_NAME = /^[A-Za-z][A-Za-z0-9-]{0,63}$/;

/** A subject, a body and trailers in the form that every Git tool finds them in. Throws `TerminalError` for a trailer that is none. */
export function commitMessage(parts: {
  subject: string;
  body: string;
  trailers: readonly (readonly [string, string])[];
  operation: string;
}): string {
  const trailers = [...parts.trailers, [OPERATION_TRAILER, parts.operation] as const];
  const wrong = trailers.find(
    ([name], index) => !TRAILER_NAME.test(name) || isOperation(name, index < trailers.length - 1),
  );
  if (wrong) throw new TerminalError(`A commit cannot carry the trailer ${wrong[0]}`);
  const block = trailers.map(([name, value]) => `${name}: ${oneLine(value)}`).join('\n');
  return [oneLine(parts.subject), cleanBody(parts.body), block]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

/** Only the writer itself says which operation a commit is. */
function isOperation(name: string, isGiven: boolean): boolean {
  return isGiven && name.toLowerCase() === OPERATION_TRAILER.toLowerCase();
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

function cleanBody(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]+/gu, ' ')
    .trim();
}
