import { type ItemHits, uses } from '../domain/checklist/item-hits.ts';
import { READINESS_PARTS, type ReadinessRow } from '../domain/checklist/readiness.ts';
import { code, mrkdwn } from '../domain/text/mrkdwn.ts';
import type { Answer, Block } from '../ports/message.ts';
import { listed, type Row } from './rows.ts';
import { count, list, shorten } from './words.ts';

/** An item that never refused anything over this many releases is only read. */
const MANY = 10;

/** Which items were of use, those first that kept most back. */
export function checklistReportAnswer({
  of,
  releases,
  hits,
}: {
  of: string;
  releases: number;
  hits: readonly ItemHits[];
}): Answer {
  const text = `Checklist items of ${of} over ${count(releases, 'release')}`;
  const idle = hits.filter((one) => uses(one) === 0 && one.asked >= MANY);
  const says =
    releases === 0
      ? 'No release has gone by a checklist yet.'
      : idle.length === 0
        ? 'A release goes by the version that was there when it was cut.'
        : `${list(idle.map(({ item }) => item.id).slice(0, 8))} kept nothing back in ${MANY} releases or more: turn them into rules, or let them go.`;
  const head: Block[] = [{ kind: 'section', text: mrkdwn`*${text}*\n${says}` }];
  return listed({ text, head, rows: hits.map(hitRow), noun: 'item', file: 'checklist-report.txt' });
}

function hitRow({ item, path, asked, kept, refusedCuts }: ItemHits): Row {
  const cuts = refusedCuts > 0 ? `, refused ${count(refusedCuts, 'cut')}` : '';
  const words = `kept back ${kept} of ${count(asked, 'release')}${cuts}`;
  return {
    line: mrkdwn`${code(item.id)}  ${words}   ${shorten(item.text, 80)}`,
    text: `${item.id}  ${words}  ${item.text}  (${path})`,
  };
}

/** The seven parts and how many of them are in place, for one service or for all of an environment. */
export function readinessAnswer({
  environment,
  services,
}: {
  environment: string;
  services: Readonly<Record<string, readonly ReadinessRow[]>>;
}): Answer {
  const names = Object.keys(services);
  const [only] = names.length === 1 ? names : [];
  const parts = READINESS_PARTS.map((part) => {
    const rows = names.flatMap((name) => {
      const row = services[name]?.find((each) => each.part === part);
      return row ? [{ name, ...row }] : [];
    });
    return { part, rows, lacking: rows.filter(({ met }) => !met) };
  });
  const met = parts.filter(({ rows, lacking }) => rows.length > 0 && lacking.length === 0).length;
  const of =
    only === undefined ? `${environment}, ${count(names.length, 'service')}` : `${only} in ${environment}`;
  const text = `Readiness of ${of}: ${met} of ${READINESS_PARTS.length}`;
  const rows = parts.map(({ part, rows: all, lacking }): Row => {
    const [first] = lacking;
    const words =
      first === undefined
        ? only === undefined
          ? `all of them`
          : (all[0]?.says ?? 'no service')
        : only === undefined
          ? `${all.length - lacking.length} of ${all.length}; not ${shorten(list(lacking.map(({ name }) => name).slice(0, 5)), 120)}: ${first.says}`
          : first.says;
    const mark = first === undefined && all.length > 0 ? 'in place' : 'MISSING';
    const remedy = first?.remedy ?? '';
    return {
      line: mrkdwn`*${mark}*  ${part}: ${words}${remedy === '' ? '' : `\n_${remedy}_`}`,
      text: `${mark.padEnd(8)}  ${part}: ${words}  ${remedy}`,
    };
  });
  return listed({
    text,
    head: [{ kind: 'section', text: mrkdwn`*${text}*` }],
    rows,
    noun: 'part',
    file: 'readiness.txt',
  });
}
