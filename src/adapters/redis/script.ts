import { hash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** A Lua script that Redis runs as a whole or not at all. Answers what the script returned. */
export type Script = (
  redis: Redis,
  keys: readonly string[],
  args: readonly (string | number)[],
) => Promise<unknown>;

/** Sends the script's hash, and its text only to a Redis that has not met it since it was started. */
export function script(lua: string): Script {
  const sha = hash('sha1', lua);
  return async (redis, keys, args) => {
    try {
      return await redis.evalsha(sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return await redis.eval(lua, keys.length, ...keys, ...args);
    }
  };
}

/** The results of a transaction, in order. Throws the first error among them, or when it was cut. */
export function results(
  replies: readonly (readonly [error: Error | null, result: unknown])[] | null,
): unknown[] {
  if (replies === null) throw new Error('Connection is closed.');
  return replies.map(([error, result]) => {
    if (error) throw error;
    return result;
  });
}
