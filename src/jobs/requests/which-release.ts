import { ReleaseId } from '../../domain/ids.ts';
import { type FoundRelease, findRelease } from '../../domain/naming/find-release.ts';
import type { ReleaseState } from '../../domain/release/release-state.ts';
import type { Request } from '../../domain/request.ts';
import type { Answer } from '../../ports/message.ts';
import type { Ports } from '../../ports/ports.ts';
import { choose, notDone } from '../../views/answers.ts';
import { type Reading, readRelease } from '../read-state.ts';

/** Releases looked through for a name: far more than anybody means by `.3`. */
const MOST = 300;

/** The release a person means; finished ones only when they are asked for. */
export async function whichRelease(
  { ledger }: Pick<Ports, 'ledger'>,
  asked: { word?: string | undefined; environment?: string | undefined; finished: boolean },
): Promise<FoundRelease> {
  const [open, recent] = await Promise.all([
    ledger.unfinished(),
    asked.finished ? ledger.recent('release', MOST) : [],
  ]);
  const isOpen = new Set(open);
  const streams = [...new Set([...open, ...recent])].filter((stream) => stream.startsWith('release:'));
  const candidates = streams.map((stream) => ({
    id: stream.slice('release:'.length) as ReleaseId,
    open: isOpen.has(stream),
  }));
  return findRelease(asked.word, { candidates, environment: asked.environment });
}

/** The release that a button names whole, while it is open: read at once, without looking through all that are. */
export async function openRelease(
  { ledger }: Pick<Ports, 'ledger'>,
  { word, environment }: { word?: string | undefined; environment?: string | undefined },
): Promise<Reading<ReleaseState> | undefined> {
  const id = ReleaseId.safeParse(`${environment}/${word}`);
  const reading = id.success ? await readRelease(ledger, id.data) : undefined;
  return reading?.state.ended ? undefined : reading;
}

/** What to say when it is not exactly one. */
export function notOne(
  found: Exclude<FoundRelease, { kind: 'one' }>,
  again: (release: ReleaseId) => Request,
): Answer {
  if (found.kind === 'none') return notDone(`I don't know which release you mean: ${found.says}.`);
  return choose(
    'Which one?',
    found.releases.map((id) => ({ label: id, does: again(id) })),
  );
}
