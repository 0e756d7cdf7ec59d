import { z } from 'zod';
import type { StreamId, TrackId } from '../../domain/ids.ts';
import { NO_HEAD, type SealedFact } from '../../domain/ledger/chain.ts';
import { streamKind } from '../../domain/ledger/write-facts.ts';
import type { LedgerKeys } from './keys.ts';
import { script } from './script.ts';

/**
 * The whole append: nothing is written unless every condition holds. A line's hash stands at the same place in every line, so a
 * stream's head is read from its last line and kept nowhere else.
 */
export const append = script(`
local incarnation, sequence, order, epochs, unfinished = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local operation = KEYS[8]
local wanted = cjson.decode(ARGV[1])

local done = redis.call('GET', operation)
if done then return {'repeated', done} end

local present = redis.call('GET', incarnation) or ''
if present ~= wanted.incarnation then return {'incarnation', present} end

for i, write in ipairs(wanted.writes) do
  local last = redis.call('LINDEX', KEYS[8 + i], -1)
  local head = last and string.sub(last, 10, 73) or wanted.noHead
  if head ~= write.head or redis.call('LLEN', KEYS[8 + i]) ~= write.version then
    return {'conflict', write.stream}
  end
end
for _, fence in ipairs(wanted.fences) do
  local epoch = tonumber(redis.call('HGET', epochs, fence[1]) or 0)
  if epoch ~= fence[2] then return {'fenced', fence[1], tostring(epoch)} end
end
for _, raise in ipairs(wanted.raises) do
  local epoch = tonumber(redis.call('HGET', epochs, raise[1]) or 0)
  if epoch >= raise[2] then return {'fenced', raise[1], tostring(epoch)} end
end

local first = tonumber(redis.call('GET', sequence) or 0) + 1
local seq = first
local at = 2
for i, write in ipairs(wanted.writes) do
  for n = 1, write.facts do
    local line = '{"hash":"' .. ARGV[at] .. '","seq":' .. string.format('%.0f', seq) .. ',' .. string.sub(ARGV[at + 1], 2)
    redis.call('RPUSH', KEYS[8 + i], line)
    redis.call('RPUSH', order, string.format('%.0f', write.version + n) .. ' ' .. write.stream)
    seq = seq + 1
    at = at + 2
  end
  if write.facts > 0 and write.recent > 0 then redis.call('ZADD', KEYS[write.recent], seq - 1, write.stream) end
end
redis.call('SET', sequence, string.format('%.0f', seq - 1))
for _, raise in ipairs(wanted.raises) do redis.call('HSET', epochs, raise[1], raise[2]) end
for _, stream in ipairs(wanted.opens) do redis.call('ZADD', unfinished, 'NX', first, stream) end
for _, stream in ipairs(wanted.closes) do redis.call('ZREM', unfinished, stream) end
if wanted.opensIncarnation ~= '' then redis.call('SET', incarnation, wanted.opensIncarnation) end
local did = string.format('%.0f %.0f', first, seq - first)
redis.call('SET', operation, did, 'PX', wanted.keepMs)
return {'appended', did}
`);

/** An append as the script takes it. */
export interface ScriptedAppend {
  operation: string;
  /** The incarnation under which it is written; empty: none may have been opened. */
  incarnation: string;
  /** The incarnation that it opens; empty: none. */
  opensIncarnation: string;
  writes: readonly { stream: StreamId; version: number; head: string; sealed: readonly SealedFact[] }[];
  fences: Readonly<Record<TrackId, number>>;
  raises: Readonly<Record<TrackId, number>>;
  opens: readonly StreamId[];
  closes: readonly StreamId[];
}

/** A retry, or a command that was sent again, comes within minutes; a day leaves room for a person's. */
export const OPERATION_KEPT_MS = 24 * 3600 * 1000;

const Placed = z.string().transform((text) => {
  const [first = 0, count = 0] = text.split(' ').map(Number);
  return { first, count };
});

const Reply = z.union([
  z.tuple([z.literal('appended'), Placed]),
  z.tuple([z.literal('repeated'), Placed]),
  z.tuple([z.literal('incarnation'), z.string()]),
  z.tuple([z.literal('conflict'), z.string()]),
  z.tuple([z.literal('fenced'), z.string(), z.coerce.number()]),
]);
export type AppendReply = z.infer<typeof Reply>;

export function readAppendReply(reply: unknown): AppendReply {
  return Reply.parse(reply);
}

/** Index in the script's keys of the sorted set that a kind of stream is listed in; 0: none. */
const RECENT = { release: 6, incident: 7, environment: 0, installation: 0, service: 0 } as const;

export function appendKeys(keys: LedgerKeys, wanted: ScriptedAppend): string[] {
  return [
    keys.incarnation,
    keys.sequence,
    keys.order,
    keys.epochs,
    keys.unfinished,
    keys.recentReleases,
    keys.recentIncidents,
    keys.operation(wanted.operation),
    ...wanted.writes.map(({ stream }) => keys.stream(stream)),
  ];
}

export function appendArguments(wanted: ScriptedAppend): string[] {
  const header = {
    incarnation: wanted.incarnation,
    opensIncarnation: wanted.opensIncarnation,
    noHead: NO_HEAD,
    keepMs: OPERATION_KEPT_MS,
    writes: wanted.writes.map(({ stream, version, head, sealed }) => ({
      stream,
      version,
      head,
      facts: sealed.length,
      recent: RECENT[streamKind(stream)],
    })),
    fences: Object.entries(wanted.fences),
    raises: Object.entries(wanted.raises),
    opens: wanted.opens,
    closes: wanted.closes,
  };
  const facts = wanted.writes.flatMap(({ sealed }) => sealed.flatMap(({ fact, body }) => [fact.hash, body]));
  return [JSON.stringify(header), ...facts];
}
