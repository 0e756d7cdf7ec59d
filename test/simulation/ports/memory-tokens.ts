import type { PersonId } from '../../../src/domain/ids.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Tokens } from '../../../src/ports/tokens.ts';

/** The in-memory twin of the tokens. Their texts can be guessed: nobody comes in by them. */
export function createMemoryTokens({ clock }: { clock: Clock }): Tokens {
  const kept = new Map<PersonId, { token: string; expiresAt: number }>();
  let issued = 0;
  return {
    async issue(person, { lifetimeMs }) {
      issued += 1;
      const token = `signalbox_${'0'.repeat(16)}_${String(issued).padStart(43, 'x')}`;
      kept.set(person, { token, expiresAt: clock.now() + lifetimeMs });
      return token;
    },
    async holder(token) {
      const found = [...kept].find(([, one]) => one.token === token && one.expiresAt > clock.now());
      return found && { id: found[0], person: found[0], expiresAt: found[1].expiresAt };
    },
    async revoke(person) {
      const was = kept.get(person);
      kept.delete(person);
      return was !== undefined && was.expiresAt > clock.now();
    },
  };
}
