import type { ChecklistPhase, TakenChecklists } from '../domain/checklist/checklist.ts';
import { type ItemRow, isMet, openItems } from '../domain/checklist/judge-checklist.ts';
import { PersonId } from '../domain/ids.ts';
import type { ReleaseState } from '../domain/release/release-state.ts';
import type { Request } from '../domain/request.ts';
import { code, join, link, type Mrkdwn, mention, mrkdwn, when } from '../domain/text/mrkdwn.ts';
import type { Answer, Block, Button, Form } from '../ports/message.ts';
import { count, list, shorten } from './words.ts';

/** Items shown one by one; Slack takes fifty blocks of a message, and all of them are in a file then. */
const SHOWN = 30;

/** A release with what its checklists come to. */
export interface ChecklistPicture {
  release: Pick<ReleaseState, 'id' | 'name' | 'environment' | 'planHash' | 'started' | 'ended'>;
  lists: TakenChecklists['lists'];
  rows: readonly ItemRow[];
  commitUrl(repository: string, commit: string): string | undefined;
}

const PHASE_WORDS: Readonly<Record<ChecklistPhase, string>> = {
  preflight: 'Preflight',
  during: 'During rollout',
  rollback: 'Rollback',
};

/** `Checklist 7 of 9`, without the items of a rollback, which nobody waits for. */
export function checklistTally(rows: readonly ItemRow[]): string {
  const counted = rows.filter(({ item }) => item.phase !== 'rollback');
  return `Checklist ${counted.filter(isMet).length} of ${counted.length}`;
}

/** The same with what is open now, for a board. */
export function checklistLines(
  rows: readonly ItemRow[],
  { started }: Pick<ReleaseState, 'started'>,
): Mrkdwn[] {
  if (rows.length === 0) return [];
  const open = started ? openItems(rows, 'end') : openItems(rows, 'start');
  const named = open
    .slice(0, 3)
    .map(({ item }) => `${shorten(item.text, 60)} (${item.owner ?? 'checked by itself'})`);
  const more = open.length > 3 ? ` and ${open.length - 3} more` : '';
  return [mrkdwn`${checklistTally(rows)}${named.length > 0 ? `: open ${list(named)}${more}` : ''}`];
}

/** What to do once a release is taken back, for the board of its rollback. */
export function rollbackLines(rows: readonly ItemRow[]): Mrkdwn[] {
  const own = rows.filter(({ item }) => item.phase === 'rollback');
  if (own.length === 0) return [];
  const open = own.filter((row) => !isMet(row)).map(({ item }) => shorten(item.text, 80));
  const rest = open.length > 0 ? `: open ${list(open.slice(0, 5))}` : '';
  return [mrkdwn`Rollback checklist ${own.length - open.length} of ${own.length}${rest}`];
}

/** Every item with its end, those that are open first, each with what its owner can press. */
export function checklistCard(picture: ChecklistPicture): Answer {
  const { release, rows } = picture;
  const text = `${checklistTally(rows)} · ${release.name} → ${release.environment}`;
  const shown = [...rows].sort((a, b) => Number(isMet(a)) - Number(isMet(b))).slice(0, SHOWN);
  const phases = (['preflight', 'during', 'rollback'] as const).flatMap((phase) => {
    const own = shown.filter(({ item }) => item.phase === phase);
    if (own.length === 0) return [];
    const title: Block = { kind: 'section', text: mrkdwn`*${PHASE_WORDS[phase]}*` };
    return [title, ...own.map((row) => itemBlock(row, picture))];
  });
  const rest = rows.length - shown.length;
  const message = {
    text,
    blocks: [
      {
        kind: 'section' as const,
        text: join([mrkdwn`*${text}*`, ...picture.lists.map((one) => source(one, picture))], '\n'),
      },
      ...phases,
      ...(rest > 0 ? [{ kind: 'context' as const, texts: [mrkdwn`and ${rest} more, in the file`] }] : []),
      ...(release.started || release.ended ? [] : [{ kind: 'buttons' as const, buttons: [again(release)] }]),
    ],
  };
  if (rest === 0) return { kind: 'message', message };
  const whole = rows.map(
    (row) => `${WORDS[row.outcome].padEnd(9)}  ${row.item.id}  ${row.item.text}: ${row.says}`,
  );
  return {
    kind: 'file',
    name: `checklist-${release.name}.txt`,
    text: `${text}\n\n${whole.join('\n')}\n`,
    message,
  };
}

/** The button of a board that shows the whole list. */
export function checklistButton(release: Pick<ReleaseState, 'name' | 'environment'>): Button {
  return { label: 'Checklist', does: checklistRequest(release, false) };
}

/** What an owner sees before they answer, with a line for the link or the reason. */
export function answerForm({
  release,
  row: { item },
  met,
}: {
  release: ChecklistPicture['release'];
  row: ItemRow;
  met: boolean;
}): Form {
  const does: Request = { ...answerRequest(release, item.id, met), seen: release.planHash };
  const text = `${item.text} (${release.name} → ${release.environment})`;
  return {
    title: met ? 'Tick an item' : 'Not met',
    message: { text, blocks: [{ kind: 'section', text: mrkdwn`${text}` }] },
    inputs: [
      met
        ? { kind: 'text', field: 'link', label: 'Where the evidence stands (https://…)', maxLength: 500 }
        : { kind: 'text', field: 'says', label: 'What is not so?', maxLength: 500 },
    ],
    submit: { label: met ? 'Tick it' : 'Say so', does },
  };
}

export function answerRequest(
  { name, environment }: Pick<ReleaseState, 'name' | 'environment'>,
  item: string,
  met: boolean,
): Extract<Request, { kind: 'answerItem' }> {
  return { kind: 'answerItem', release: name, environment, item, met };
}

export function checklistRequest(
  { name, environment }: Pick<ReleaseState, 'name' | 'environment'>,
  afresh: boolean,
): Extract<Request, { kind: 'checklist' }> {
  return { kind: 'checklist', release: name, environment, afresh };
}

const WORDS = {
  refuse: 'NOT MET',
  unknown: 'open',
  exempted: 'exempted',
  warn: 'warn',
  pass: 'met',
} as const;

function itemBlock(row: ItemRow, { release }: ChecklistPicture): Block {
  const { item, outcome, says, answer } = row;
  const who = item.owner
    ? mrkdwn` · ${item.owner}${item.by === 'checker' ? ', not who made it' : ''}`
    : mrkdwn``;
  const by = answer ? mrkdwn`\n${nameOf(answer.person)} ${when(answer.at)}` : mrkdwn``;
  const evidence = answer?.link ?? (item.evidence === 'asked' ? undefined : item.evidence);
  const where = evidence ? mrkdwn` · ${link(evidence, 'evidence')}` : mrkdwn``;
  const words = answer?.met ? mrkdwn`` : mrkdwn`\n${shorten(says, 400)}`;
  const text = mrkdwn`*${WORDS[outcome]}*  ${item.text}  ${code(item.id)}${who}${where}${words}${by}`;
  return item.owner === undefined || outcome === 'pass'
    ? { kind: 'section', text }
    : { kind: 'section', text, button: tick(row, release) };
}

/** Ticks at once where the file says where the evidence stands; asks for the link where it does not. */
function tick({ item }: ItemRow, release: ChecklistPicture['release']): Button {
  if (item.evidence === 'asked')
    return {
      label: 'Tick…',
      does: { kind: 'answerItemForm', release: release.id, item: item.id, met: true },
    };
  return {
    label: 'Tick',
    does: { ...answerRequest(release, item.id, true), seen: release.planHash },
    confirm: {
      title: 'Tick this item?',
      text: shorten(`${item.text} Your name is kept with this.`, 300),
      yes: 'Tick it',
      no: 'Not yet',
    },
  };
}

function again(release: ChecklistPicture['release']): Button {
  return { label: 'Run again', does: checklistRequest(release, true) };
}

function source(
  { path, hash, commit, repository, items }: TakenChecklists['lists'][number],
  { commitUrl }: Pick<ChecklistPicture, 'commitUrl'>,
): Mrkdwn {
  const url = commitUrl(repository, commit);
  const at = url ? link(url, commit.slice(0, 8)) : mrkdwn`${commit.slice(0, 8)}`;
  return mrkdwn`${code(path)} at ${at}, version ${hash.slice(0, 8)}, ${count(items.length, 'item')}`;
}

function nameOf(id: string): Mrkdwn {
  const person = PersonId.safeParse(id);
  return person.success ? mention(person.data) : mrkdwn`${id}`;
}
