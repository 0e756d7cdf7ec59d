import type { Judgement, Measurement } from '../domain/gate/planned-gate.ts';
import { valueWords } from '../domain/gate/value-words.ts';
import type { ServiceName } from '../domain/ids.ts';
import { code, codeBlock, join, link, type Mrkdwn, mrkdwn, when } from '../domain/text/mrkdwn.ts';
import { trim } from '../domain/text/numbers.ts';
import type { Message } from '../ports/message.ts';
import type { Picture } from './picture.ts';
import { count, duration } from './words.ts';

/** What a service's gates say right now, shortest form: `error-rate 0.3 % < 2 %`. Empty before anything was measured. */
export function gateLine(picture: Picture, service: ServiceName): Mrkdwn[] {
  const { release, progress } = picture;
  const planned = release.plan.services[service]?.gates ?? [];
  return planned.flatMap((gate) => {
    const pending = progress?.pending.find((each) => each.gate === gate.name && each.service === service);
    const judged = release.judgements.findLast((each) => each.gate === gate.name && each.service === service);
    const last = pending?.soFar.at(-1) ?? judged?.measurements.at(-1);
    if (last === undefined) return [];
    return [mrkdwn`${gate.name} ${valueWords(last, gate.threshold?.text)}`];
  });
}

/** A verdict's one line: never by colour or emoji alone. */
export function verdictWords(judgement: Judgement): string {
  const verb = {
    pass: 'passed',
    fail: 'failed',
    inconclusive: 'is inconclusive',
    error: 'could not be measured',
  }[judgement.verdict];
  const shown =
    judgement.measurements.findLast((each) => each.outcome === judgement.verdict) ??
    judgement.measurements.at(-1);
  const value = shown ? `: ${valueWords(shown, judgement.threshold)}` : '';
  return `${judgement.gate} of ${judgement.service} ${verb}${value}`;
}

/** Everything behind a verdict: query, value, threshold, window, samples, link. */
export function whyCard(judgement: Judgement): Message {
  const window = judgement.windowMs === undefined ? 'no window' : `${duration(judgement.windowMs)} window`;
  const measured = count(judgement.measurements.length, 'measurement');
  const traffic = judgement.measurements.findLast((each) => each.traffic !== undefined)?.traffic;
  const flow = traffic === undefined ? [] : [mrkdwn`traffic ${trim(traffic)}/s`];
  const at =
    judgement.moment.step === 'postDeploy' ? 'after the deployment' : `at step ${judgement.moment.step + 1}`;
  const facts = join([mrkdwn`${at}`, mrkdwn`${window}`, mrkdwn`${measured}`, ...flow], ' · ');
  return {
    text: verdictWords(judgement),
    blocks: [
      { kind: 'section', text: mrkdwn`*${verdictWords(judgement)}*\n${facts}` },
      { kind: 'section', text: codeBlock(judgement.query ?? 'no query') },
      {
        kind: 'section',
        text: join(
          judgement.measurements.slice(-10).map((each) => sample(each, judgement.threshold)),
          '\n',
        ),
      },
      ...(judgement.link ? [{ kind: 'section' as const, text: link(judgement.link, 'Open the query') }] : []),
    ],
  };
}

function sample(measured: Measurement, threshold: string | undefined): Mrkdwn {
  const note = measured.note && measured.value !== undefined ? ` (${measured.note})` : '';
  return mrkdwn`${when(measured.at, 'seconds')}  ${measured.outcome}  ${code(valueWords(measured, threshold))}${note}`;
}
