import { hash } from 'node:crypto';
import type { Actor } from '../domain/actor.ts';
import type { Effect } from '../domain/effect.ts';
import type { EffectRecord } from '../domain/effect-record.ts';
import type { StreamId } from '../domain/ids.ts';
import type { Message } from '../ports/message.ts';
import type { Ports } from '../ports/ports.ts';
import { correlationOf, recordAlways, stamp } from './record.ts';

export type SayPorts = Pick<Ports, 'ledger' | 'chat' | 'clock' | 'scratch'>;

/** How long the memory of what a message last showed is kept; past it the message is drawn once more than needed. */
const KEEP_MS = 30 * 24 * 3600 * 1000;

/** Something to be said by whoever the stream is about. */
export interface Saying {
  stream: StreamId;
  /** What the stream knows of its effects; those of posts are under `say/<key>`. */
  effects: Readonly<Record<string, EffectRecord>>;
  key: string;
  channel: string;
  /** `ts` of the message in whose thread it goes. */
  thread?: string | undefined;
  message: Message;
  by: Actor;
}

/** A message that stands somewhere. */
export interface Said {
  kind: 'said';
  channel: string;
  ts: string;
}

export type Spoken = Said | { kind: 'refused'; reason: string };

/**
 * Says something once: the intent is recorded, the message posted, its place recorded. What was intended and has no receipt is
 * looked for in the channel first, because its answer may have been lost. Throws `UnavailableError`.
 */
export async function sayOnce(ports: SayPorts, saying: Saying): Promise<Spoken> {
  const { ledger, chat, clock } = ports;
  const { stream, effects, key, channel, thread, message, by } = saying;
  const id = `say/${key}`;
  const known = effects[id];
  const place = placeOf(known);
  if (place) return place;
  const operation = `${correlationOf(stream)}#${id}`;
  const where = { channel, ...(thread && { thread }) };
  const effect: Effect = { kind: 'chat.post', key, ...where };
  if (known === undefined) {
    await recordAlways(ledger, stream, [
      stamp(clock, { kind: 'effect.intended', actor: by, data: { id, effect, onBehalfOf: by } }),
    ]);
  } else {
    const ts = await chat.find({ ...where, operation, since: Date.parse(known.at) });
    if (ts !== undefined)
      return receive(ports, saying, { how: 'found', said: { kind: 'said', channel, ts } });
  }
  const posted = await chat.post({ ...where, operation, message });
  if (posted.kind === 'refused') return posted;
  await rememberShown(ports, saying, markOf(message));
  return receive(ports, saying, { how: 'done', said: { ...posted, kind: 'said' } });
}

/** Shows the message in the place of what it showed before, when that is something else. Answers whether it was. */
export async function drawAgain(
  ports: Pick<Ports, 'chat' | 'scratch'>,
  saying: Pick<Saying, 'stream' | 'key' | 'message'>,
  { said, urgent }: { said: Said; urgent: boolean },
): Promise<boolean> {
  const shown = await ports.scratch.get(shownKey(saying));
  const mark = markOf(saying.message);
  if (shown === mark) return false;
  await ports.chat.edit({ channel: said.channel, ts: said.ts, message: saying.message, urgent });
  await rememberShown(ports, saying, mark);
  return true;
}

/** Where a post stands, when it was said. */
export function placeOf(known: EffectRecord | undefined): Said | undefined {
  if (known?.status.kind !== 'done') return undefined;
  const { chat } = known.status.receipt;
  return chat?.ts === undefined ? undefined : { kind: 'said', channel: chat.channel, ts: chat.ts };
}

async function receive(
  { ledger, clock }: Pick<Ports, 'ledger' | 'clock'>,
  { stream, key, by }: Saying,
  { how, said }: { how: 'done' | 'found'; said: Said },
): Promise<Said> {
  const { channel, ts } = said;
  const receipt = { at: new Date(clock.now()).toISOString(), how, chat: { channel, ts } };
  await recordAlways(ledger, stream, [
    stamp(clock, { kind: 'effect.done', actor: by, data: { effect: `say/${key}`, receipt } }),
  ]);
  return said;
}

async function rememberShown(
  { scratch }: Pick<Ports, 'scratch'>,
  saying: Pick<Saying, 'stream' | 'key'>,
  mark: string,
): Promise<void> {
  await scratch.put(shownKey(saying), mark, KEEP_MS);
}

/** Tells a message from another. Views write their keys in one order; another order would cost one more edit, nothing else. */
function markOf(message: Message): string {
  return hash('sha256', JSON.stringify(message), 'hex');
}

function shownKey({ stream, key }: Pick<Saying, 'stream' | 'key'>): string {
  return `shown:${correlationOf(stream)}/${key}`;
}
