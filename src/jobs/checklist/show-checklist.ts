import { judgeChecklist } from '../../domain/checklist/judge-checklist.ts';
import { type ReleaseId, splitReleaseId } from '../../domain/ids.ts';
import type { ReleaseState } from '../../domain/release/release-state.ts';
import type { Rules } from '../../domain/rules.ts';
import type { Answer } from '../../ports/message.ts';
import type { Ports } from '../../ports/ports.ts';
import { notDone } from '../../views/answers.ts';
import { type ChecklistPicture, checklistCard } from '../../views/checklist.ts';
import { preflight } from '../preflight/show-preflight.ts';
import { shownRows } from '../preflight/shown-rows.ts';
import { readEnvironment, readRelease } from '../read-state.ts';
import type { Asked, Carry, Desk } from '../requests/asked.ts';
import { notOne, whichRelease } from '../requests/which-release.ts';

/** Shows the items of a release and what each came to. `afresh`: what the rules say is judged again before. */
export const checklist: Carry<'checklist'> = async (desk, asked) => {
  const { release: word, environment, afresh } = asked.request;
  const found = await whichRelease(desk.ports, { word, environment, finished: word !== undefined });
  if (found.kind !== 'one') {
    return notOne(found, (id) => ({ ...asked.request, ...asWords(id) }));
  }
  const id = found.release;
  if (afresh) await judgeAgain(desk, asked, id);
  return showChecklist(desk, id);
};

/** The card of a release; says what to do where it goes by no checklist. */
export async function showChecklist(
  { ports, rules }: Pick<Desk, 'ports' | 'rules'>,
  id: ReleaseId,
): Promise<Answer> {
  const reading = await readRelease(ports.ledger, id);
  if (reading === undefined) return notDone(`There is no release ${id}.`);
  const picture = await checklistPicture(ports, rules, reading.state);
  if (picture !== undefined) return checklistCard(picture);
  return notDone(
    `${reading.state.name} goes by no checklist: there was none where environments.${reading.state.environment}.checklists of signalbox.yaml looks for them when it was cut.`,
  );
}

/** Everything the card of a release's checklists is drawn from; absent where it goes by none. */
export async function checklistPicture(
  ports: Pick<Ports, 'ledger' | 'snapshots' | 'clock'>,
  rules: Pick<Rules, 'repositories'>,
  release: ReleaseState,
): Promise<ChecklistPicture | undefined> {
  if (release.checklist === undefined) return undefined;
  const [rows, here] = await Promise.all([
    shownRows(ports, release),
    readEnvironment(ports, release.environment),
  ]);
  return {
    release,
    lists: release.checklist.lists,
    rows: judgeChecklist({ release, rows, known: here.state.known }),
    commitUrl: (repository, commit) => rules.repositories[repository]?.commitUrl?.replace('{commit}', commit),
  };
}

/** What has begun, or takes something back, is left as it was judged. */
async function judgeAgain(desk: Desk, asked: Asked<'checklist'>, id: ReleaseId): Promise<void> {
  await preflight(desk, {
    ...asked,
    request: { kind: 'preflight', ...asWords(id), afresh: true, whole: false },
  });
}

export function asWords(id: ReleaseId): { release: string; environment: string } {
  const { environment, name } = splitReleaseId(id);
  return { release: name, environment };
}
