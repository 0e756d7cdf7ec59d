import { type ChecklistItem, itemsOf } from '../../domain/checklist/checklist.ts';
import { isLink } from '../../domain/checklist/read-item.ts';
import { didYouMean } from '../../domain/naming/nearest.ts';
import type { ReleaseState } from '../../domain/release/release-state.ts';
import type { Answer } from '../../ports/message.ts';
import { needsRole, notDone, refusal } from '../../views/answers.ts';
import { answerForm } from '../../views/checklist.ts';
import { readRelease } from '../read-state.ts';
import { bellFor } from '../reconcile-release.ts';
import type { Asked, Carry } from '../requests/asked.ts';
import { decideOnRelease } from '../requests/decide-on-release.ts';
import { notOne, whichRelease } from '../requests/which-release.ts';
import { asWords, checklistPicture, showChecklist } from './show-checklist.ts';

/** Somebody of the role that owns an item says that it is so, with the evidence, or that it is not, and why. */
export const answerItem: Carry<'answerItem'> = async (desk, asked) => {
  const { ports } = desk;
  const { release: word, environment } = asked.request;
  const found = await whichRelease(ports, { word, environment, finished: word !== undefined });
  if (found.kind !== 'one') return notOne(found, (id) => ({ ...asked.request, ...asWords(id) }));
  const decided = await decideOnRelease(ports, { asked, release: found.release }, (state) => {
    const refused = notAnswerable(state, asked);
    return refused ? { kind: 'answer', answer: refused } : { kind: 'facts', facts: [fact(state, asked)] };
  });
  if (decided.kind === 'answer') return decided.answer;
  await ports.bells.ring(bellFor(decided.state));
  await ports.bells.ring({ kind: 'speak', subject: decided.state.id });
  return showChecklist(desk, decided.state.id);
};

/** Asks for the link, or for the reason. */
export const answerItemForm: Carry<'answerItemForm'> = async ({ ports, rules }, asked) => {
  const { release: id, item: wanted, met } = asked.request;
  const reading = await readRelease(ports.ledger, id);
  const picture = reading && (await checklistPicture(ports, rules, reading.state));
  const row = picture?.rows.find(({ item }) => item.id === wanted);
  if (picture === undefined || row === undefined) return notDone(`${id} has no item ${wanted}.`);
  return { kind: 'form', form: answerForm({ release: picture.release, row, met }) };
};

function fact({ planHash }: ReleaseState, { request, by }: Asked<'answerItem'>) {
  const { item, met, link, says } = request;
  return {
    kind: 'checklist.answered' as const,
    data: {
      planHash,
      item,
      met,
      person: by.id,
      roles: [...by.roles],
      ...(met && link !== undefined && { link }),
      ...(!met && says !== undefined && { says }),
    },
  };
}

function notAnswerable(state: ReleaseState, asked: Asked<'answerItem'>): Answer | undefined {
  const items = state.checklist ? itemsOf(state.checklist) : [];
  const item = items.find(({ id }) => id === asked.request.item);
  if (item === undefined) {
    const names = items.filter(({ owner }) => owner !== undefined).map(({ id }) => id);
    return notDone(
      `${state.name} has no checklist item ${asked.request.item}; ${didYouMean(asked.request.item, names)}`,
    );
  }
  return (
    noLonger(state, { item, asked }) ?? notTheirs(state, { item, asked }) ?? withoutEvidence(item, asked)
  );
}

interface Wanted {
  item: ChecklistItem;
  asked: Asked<'answerItem'>;
}

/** What is behind a release can no longer keep it back; what comes after its rollback can still be said. */
function noLonger(state: ReleaseState, { item, asked }: Wanted): Answer | undefined {
  const { seen } = asked.request;
  if (seen !== undefined && seen !== state.planHash)
    return notDone(
      `The plan of ${state.name} has changed since that was shown. Not done: look at its checklist.`,
    );
  if (item.owner === undefined)
    return notDone(`${item.id} is checked by itself: nobody ticks it. Run the checklist again instead.`);
  if (item.phase === 'rollback') return undefined;
  if (state.ended) return notDone(`${state.name} has ended: ${state.ended.outcome}. Not done.`);
  if (item.phase === 'preflight' && state.started)
    return notDone(`${state.name} has begun: ${item.id} was asked before. Not done.`);
  return undefined;
}

function notTheirs(state: ReleaseState, { item, asked }: Wanted): Answer | undefined {
  const owner = item.owner ?? '';
  const rule = `checklist item ${item.id}`;
  if (!asked.by.roles.has(owner)) {
    return needsRole({
      says: `You can't answer for ${item.id}: that needs ${owner}.`,
      rule,
      roles: [owner],
      environment: state.environment,
      what: `answer for "${item.text}" of ${state.name}`,
    });
  }
  if (item.by === 'anyone' || !asked.request.met || !state.plan.makers.includes(asked.by.id))
    return undefined;
  return refusal({
    says: `Whoever made ${state.name}, or wrote what is new in it, does not tick ${item.id}: somebody else of ${owner} does.`,
    rule: 'maker-checker',
    remedy: 'Where that need not be, the file says by: anyone.',
  });
}

function withoutEvidence(item: ChecklistItem, { request }: Asked<'answerItem'>): Answer | undefined {
  const { met, link, says } = request;
  if (!met && (says ?? '').trim() === '')
    return notDone(`Say what is not so: checklist refuse ${item.id} <reason>.`);
  if (!met) return undefined;
  if (link !== undefined && !isLink(link)) return notDone(`${link} is no https address. Not done.`);
  if (item.evidence === 'asked' && link === undefined)
    return notDone(`${item.id} needs a link to its evidence: checklist tick ${item.id} https://…`);
  return undefined;
}
