import type { Intent } from '../effect.ts';
import { type Look, perform, type Turn } from './look.ts';
import { openIntents } from './release-state.ts';

/**
 * Before a release ends: acts of which nobody knows whether they happened, because their answers were lost, and which nothing has
 * needed since. Their targets are asked once more, and by now can only say that they are done or no longer meant. Absent when
 * everything is known. What is said in the chat is the speaking job's.
 */
export function settleFirst({ release }: Look): Turn | undefined {
  const open = openIntents(release).filter(isDeed);
  return open.length === 0 ? undefined : perform(...open);
}

function isDeed({ effect }: Intent): boolean {
  return effect.kind !== 'chat.post' && effect.kind !== 'chat.createChannel';
}
