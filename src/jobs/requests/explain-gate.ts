import type { Judgement } from '../../domain/gate/planned-gate.ts';
import { mrkdwn } from '../../domain/text/mrkdwn.ts';
import type { Block } from '../../ports/message.ts';
import { said } from '../../views/answers.ts';
import { verdictWords, whyCard } from '../../views/gate-words.ts';
import { count } from '../../views/words.ts';
import { readRelease } from '../read-state.ts';
import type { Carry } from './asked.ts';

/** Cards shown whole; the rest is one line each, newest first. */
const MOST_CARDS = 3;

/** Why gates decided as they did: what failed or was unclear first, then the newest passes. */
export const why: Carry<'why'> = async ({ ports }, asked) => {
  const { release, gate } = asked.request;
  const reading = await readRelease(ports.ledger, release);
  const judged = (reading?.state.judgements ?? []).filter((each) => gate === undefined || each.gate === gate);
  if (judged.length === 0) return said(`No gate of ${release} has spoken yet.`);
  const ordered = [...judged]
    .reverse()
    .sort((a, b) => Number(a.verdict === 'pass') - Number(b.verdict === 'pass'));
  const passed = judged.filter((each) => each.verdict === 'pass').length;
  const text = `${passed} of ${count(judged.length, 'verdict')} passed`;
  const cards = ordered.slice(0, MOST_CARDS).flatMap((each, i) => cardBlocks(each, i));
  const rest = ordered.slice(MOST_CARDS, MOST_CARDS + 20).map((each) => verdictWords(each));
  const blocks: Block[] = [{ kind: 'section', text: mrkdwn`*${text}*` }, ...cards];
  if (rest.length > 0) blocks.push({ kind: 'context', texts: [mrkdwn`${rest.join('\n')}`] });
  return { kind: 'message', message: { text, blocks } };
};

function cardBlocks(judgement: Judgement, index: number): Block[] {
  const { blocks } = whyCard(judgement);
  return index === 0 ? blocks : [{ kind: 'divider' }, ...blocks];
}
