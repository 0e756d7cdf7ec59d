import { createHash } from 'node:crypto';
import { type Checklist, STATED, type TakenChecklists } from '../../domain/checklist/checklist.ts';
import type { FoundChecklists, FoundFault } from '../../domain/checklist/found-checklists.ts';
import { readChecklist, sameIds } from '../../domain/checklist/read-checklist.ts';
import type { Manifest } from '../../domain/manifest/manifest.ts';
import type { EnvironmentRules, Rules } from '../../domain/rules.ts';
import { UnavailableError } from '../../errors.ts';
import type { BranchView } from '../../ports/git.ts';
import type { Ports } from '../../ports/ports.ts';
import { remembered } from './remembered.ts';
import { withinBudget } from './within-budget.ts';

/** More files than this are no checklists that anybody goes by. */
const MOST_FILES = 20;

type Known = Pick<Rules, 'repositories' | 'catalogNames'>;

/** Reads the checklists of an environment as its repository has them now. Git being away is an answer. */
export async function findChecklists(
  ports: Pick<Ports, 'git' | 'clock' | 'patience'>,
  rules: Known,
  { repository, checklists = [] }: Pick<EnvironmentRules, 'repository' | 'checklists'>,
): Promise<FoundChecklists> {
  if (checklists.length === 0) return { kind: 'found', lists: [], faults: [] };
  const branch = rules.repositories[repository]?.branch ?? 'main';
  try {
    return await withinBudget(ports, {
      what: `${branch} of ${repository}`,
      work: readBranch(ports, { repository, branch, patterns: checklists, known: knownNames(rules) }),
      late: (says): FoundChecklists => ({ kind: 'unknown', says }),
    });
  } catch (error) {
    if (error instanceof UnavailableError) return { kind: 'unknown', says: error.message };
    throw error;
  }
}

/** The lists as a release takes them, with what its document states; absent: there are none. */
export function takenOf(found: FoundChecklists, { spec }: Manifest): TakenChecklists | undefined {
  if (found.kind === 'unknown' || found.lists.length === 0) return undefined;
  const states = STATED.map((key): [string, number] => [key, spec[key]?.length ?? 0]);
  return { lists: found.lists, states: Object.fromEntries(states) };
}

function knownNames({ catalogNames }: Known) {
  const { roles, gatePresets } = catalogNames;
  // Services may have gates of their own, which only the catalog knows: without presets any name goes.
  return { roles, ...(gatePresets.length > 0 && { gates: gatePresets }) };
}

interface Looked {
  repository: string;
  branch: string;
  patterns: readonly string[];
  known: ReturnType<typeof knownNames>;
}

async function readBranch(ports: Pick<Ports, 'git' | 'clock'>, asked: Looked): Promise<FoundChecklists> {
  const view = await ports.git.view(asked.repository, asked.branch);
  if (view === undefined)
    return { kind: 'unknown', says: `there is no ${asked.branch} in ${asked.repository}` };
  return readAll(ports, view, asked);
}

async function readAll(
  { git, clock }: Pick<Ports, 'git' | 'clock'>,
  view: BranchView,
  asked: Looked,
): Promise<FoundChecklists> {
  const lists: Checklist[] = [];
  const faults: FoundFault[] = [];
  const paths = new Set<string>();
  for (const pattern of asked.patterns) {
    for (const path of await pathsOf(view, pattern)) paths.add(path);
  }
  if (paths.size > MOST_FILES)
    return {
      kind: 'found',
      lists,
      faults: [
        { path: asked.repository, says: `has ${paths.size} checklists, and ${MOST_FILES} is the most` },
      ],
    };
  for (const path of paths) {
    const isNamed = asked.patterns.includes(path);
    const text = await view.read(path);
    if (text === undefined) {
      faults.push({ path, says: `is not there, and signalbox.yaml asks for it` });
      continue;
    }
    // The same text is read once: a board that is looked at again costs nothing.
    const memory = { of: git, now: clock.now(), afresh: false };
    const read = await remembered(memory, { text, known: asked.known }, async () =>
      readChecklist(text, asked.known),
    );
    if (read.kind === 'faulty') faults.push(...read.faults.map((fault) => ({ path, ...fault })));
    else if (read.kind === 'read') {
      const { title, items } = read;
      const hash = createHash('sha256').update(text).digest('hex');
      lists.push({ repository: asked.repository, path, commit: view.commit, hash, title, items });
    } else if (isNamed)
      faults.push({ path, says: 'has no task (- [ ] …), and signalbox.yaml calls it a checklist' });
  }
  return { kind: 'found', lists, faults: [...faults, ...doubled(lists)] };
}

/** Names that items of several files have. */
function doubled(lists: readonly Checklist[]): FoundFault[] {
  const all = lists.flatMap(({ path, items }) => items.map((item) => ({ ...item, path })));
  return sameIds(all).map(({ item, line, says }) => ({ path: item.path, line, says }));
}

/** `folder/*.md` as the files there; any other path as itself. */
async function pathsOf(view: BranchView, pattern: string): Promise<string[]> {
  if (!pattern.endsWith('/*.md')) return [pattern];
  return (await view.list(pattern.slice(0, -'/*.md'.length))).filter((path) => path.endsWith('.md'));
}
