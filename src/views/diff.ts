import type { OwnedKey } from '../domain/content.ts';
import type { Change, Compared, Difference } from '../domain/diff/differences.ts';
import { type ComparedImage, EVERYWHERE, type Running } from '../domain/diff/side.ts';
import type { EnvironmentName } from '../domain/ids.ts';
import { code, join, mrkdwn } from '../domain/text/mrkdwn.ts';
import type { Answer, Block } from '../ports/message.ts';
import { listed, type Row } from './rows.ts';
import { count, shorten } from './words.ts';

/** Notes and unreadable services shown one by one; the rest is counted. */
const MOST_NOTES = 6;

/** What differs, a line for each service and place; said plainly when nothing does. */
export function diffAnswer(compared: Compared, { plan }: { plan?: EnvironmentName | undefined }): Answer {
  const { a, b, differences } = compared;
  const text = summary(compared);
  const showPlan: Block[] =
    plan === undefined || differences.length === 0
      ? []
      : [
          {
            kind: 'buttons',
            buttons: [
              {
                label: `Plan for ${plan}`,
                does: { kind: 'cut', environment: plan, services: [], leaveOut: [], dryRun: true },
              },
            ],
          },
        ];
  return listed({
    text,
    head: [{ kind: 'section', text: mrkdwn`*${a} → ${b}*   ${text}` }],
    rows: differences.map((difference) => row(difference, compared)),
    tail: [...remarks(compared), ...showPlan],
    noun: 'difference',
    file: `diff-${a}-${b}.txt`.replace(/[^\w.-]+/g, '-'),
  });
}

/** Nothing that could not be compared is counted as the same. */
function summary({ a, b, differences, same, unclear }: Compared): string {
  const skipped = new Set(unclear.map(({ service }) => service)).size;
  const notCompared = skipped > 0 ? `, ${skipped} could not be compared` : '';
  if (differences.length === 0 && same.length === 0)
    return skipped > 0
      ? `nothing could be compared: ${count(skipped, 'service')} could not be read`
      : 'nothing there to compare';
  const equal = `${count(same.length, 'service')} ${same.length === 1 ? 'is' : 'are'} the same`;
  if (differences.length === 0) return `No difference between ${a} and ${b}: ${equal}${notCompared}`;
  const differing = new Set(differences.map(({ service }) => service)).size;
  return `${count(differing, 'service')} ${differing === 1 ? 'differs' : 'differ'}, ${equal}${notCompared}`;
}

function remarks({ unclear, notes }: Compared): Block[] {
  const lines = [
    ...unclear.map(({ service, side, says }) => mrkdwn`${code(service)} not compared (${side}): ${says}`),
    ...notes.map((note) => mrkdwn`${note}`),
  ];
  if (lines.length === 0) return [];
  const shown = lines.slice(0, MOST_NOTES);
  const more = lines.length - shown.length;
  return [
    {
      kind: 'section',
      text: join(more > 0 ? [...shown, mrkdwn`_and ${more} more_`] : shown, '\n'),
    },
  ];
}

function row(difference: Difference, sides: Pick<Compared, 'a' | 'b'>): Row {
  const { service, place } = difference;
  const at = place === EVERYWHERE ? '' : `  (${place})`;
  const parts = partsOf(difference, sides);
  return {
    line: mrkdwn`${code(service)}  ${shorten(parts.join('   '), 400)}${at}`,
    text: [`${service}${at}`, ...parts.map((part) => `    ${part}`)].join('\n'),
  };
}

function partsOf(difference: Difference, { a, b }: Pick<Compared, 'a' | 'b'>): string[] {
  if (difference.kind === 'added') return [`only in ${b}: ${runningWords(difference.running)}`];
  if (difference.kind === 'removed') return [`only in ${a}: ${runningWords(difference.running)}`];
  const images = Object.entries(difference.images);
  const { chart, config = {}, keys } = difference;
  return [
    ...images.map(([container, change]) => imageWords(change, images.length > 1 ? container : undefined)),
    ...(chart ? [`chart ${chart.from ?? 'none'} → ${chart.to ?? 'none'}`] : []),
    ...Object.values(config).map(
      ({ from, to }) => `config ${from?.slice(0, 8) ?? 'none'} → ${to?.slice(0, 8) ?? 'none'}`,
    ),
    ...keys.map(keyWords),
  ];
}

function runningWords({ images, chartVersion }: Running): string {
  const words = Object.values(images).map((image) => nameOf(image));
  return [...words, ...(chartVersion ? [`chart ${chartVersion}`] : [])].join(', ') || 'nothing known';
}

/** Versions where both have one, and the digests that differ; a version alone would hide bytes that are not the same. */
function imageWords({ from, to }: Change<ComparedImage>, container: string | undefined): string {
  const name = container === undefined ? '' : `${container} `;
  const move = `${name}${nameOf(from)} → ${nameOf(to)}`;
  const [was, is] = [from?.digests[0], to?.digests[0]];
  const unpinned = [from, to].some((image) => image !== undefined && image.digests.length === 0);
  if (unpinned) return `${move} (by tag, no digest)`;
  if (was === undefined || is === undefined || (!from?.version && !to?.version)) return move;
  return `${move} (${short(was)} → ${short(is)})`;
}

function nameOf(image: ComparedImage | undefined): string {
  if (image === undefined) return 'none';
  const [digest] = image.digests;
  return image.version ?? (digest === undefined ? 'unknown' : short(digest));
}

function short(digest: string): string {
  return digest.slice('sha256:'.length, 'sha256:'.length + 12);
}

function keyWords({ from, to }: Change<OwnedKey>): string {
  const key = from ?? to;
  return `${key?.file ?? ''} ${key?.path.join('.') ?? ''}: ${valueWords(from)} → ${valueWords(to)}`;
}

function valueWords(key: OwnedKey | undefined): string {
  return key === undefined || key.value === null ? 'not set' : shorten(String(key.value), 80);
}
