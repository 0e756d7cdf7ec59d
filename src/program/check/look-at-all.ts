import { TerminalError, UnavailableError } from '../../errors.ts';
import { type AreaReport, type Finding, fault, type Look } from './finding.ts';

/** Long enough for a server on the other side of the world that is asked a dozen things. */
const LOOK_WITHIN_MS = 15_000;

/** Looks at everything side by side, and tells what was found in the order of the looks. Throws nothing. */
export async function lookAtAll(looks: readonly Look[]): Promise<AreaReport[]> {
  const found = await Promise.all(
    looks.map(async (look) => ({ area: look.area, findings: await lookOnce(look) })),
  );
  const areas = Map.groupBy(found, ({ area }) => area);
  return [...areas].map(([area, parts]) => ({ area, findings: parts.flatMap(({ findings }) => findings) }));
}

async function lookOnce({ about, fix, withinMs = LOOK_WITHIN_MS, look }: Look): Promise<Finding[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding[]>((resolve) => {
    timer = setTimeout(() => resolve([fault(`${about}: no answer in ${withinMs / 1000} s`, fix)]), withinMs);
  });
  try {
    return await Promise.race([look(), late]);
  } catch (error) {
    return [fault(`${about}: ${wordsOf(error)}`, fix)];
  } finally {
    clearTimeout(timer);
  }
}

/** Messages of our own two classes may be shown; another one is a defect, and could hold anything. */
function wordsOf(error: unknown): string {
  if (error instanceof TerminalError || error instanceof UnavailableError) return error.message;
  return `a defect of this program (${error instanceof Error ? error.name : 'unknown'})`;
}
