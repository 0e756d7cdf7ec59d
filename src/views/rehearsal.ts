import { valueWords } from '../domain/gate/value-words.ts';
import type { Plan } from '../domain/plan/plan.ts';
import type { ShownRow } from '../domain/policy/exemption.ts';
import type { StartAnswer } from '../domain/policy/start-answer.ts';
import { code, join, type Mrkdwn, mrkdwn } from '../domain/text/mrkdwn.ts';
import type { Answer, Block } from '../ports/message.ts';
import { planSteps } from './plan-steps.ts';
import { tallyWords } from './preflight.ts';
import { count } from './words.ts';

/** Gates shown one by one; more are counted. */
const MOST_SHOWN = 15;

/** What going through a plan came to, the gates that could not tell first. */
export function rehearsalAnswer({
  plan,
  rows,
  answers,
}: {
  plan: Plan;
  rows: readonly ShownRow[];
  answers: readonly StartAnswer[];
}): Answer {
  const graver = ({ measurement }: StartAnswer) => ORDER.indexOf(measurement.outcome);
  const sorted = answers.toSorted((a, b) => graver(a) - graver(b));
  const dumb = answers.filter(
    ({ measurement: { outcome } }) => outcome === 'error' || outcome === 'inconclusive',
  );
  const text = `Rehearsal for ${plan.environment}: ${
    dumb.length === 0
      ? `${count(answers.length, 'gate')} can tell`
      : `${dumb.length} of ${count(answers.length, 'gate')} could not tell`
  }`;
  const more = sorted.length - MOST_SHOWN;
  const blocks: Block[] = [
    {
      kind: 'section',
      text: mrkdwn`*${text}*\nNothing was moved or recorded. Each gate was asked once of what runs now.\nPreflight: ${tallyWords(rows)}`,
    },
    { kind: 'section', text: join(planSteps(plan), '\n') },
  ];
  if (sorted.length > 0)
    blocks.push({
      kind: 'section',
      text: join(
        [
          ...sorted.slice(0, MOST_SHOWN).map(gateLine),
          ...(more > 0 ? [mrkdwn`_and ${count(more, 'more gate')}_`] : []),
        ],
        '\n',
      ),
    });
  return { kind: 'message', message: { text, blocks } };
}

const ORDER = ['error', 'inconclusive', 'fail', 'pass'] as const;

const WORDS = {
  error: 'COULD NOT BE MEASURED',
  inconclusive: 'COULD NOT TELL',
  fail: 'would fail',
  pass: 'would pass',
} as const;

function gateLine({ service, gate, measurement }: StartAnswer): Mrkdwn {
  return mrkdwn`•  ${code(gate.name)} of ${service} ${WORDS[measurement.outcome]}: ${valueWords(measurement, gate.threshold?.text)}`;
}
