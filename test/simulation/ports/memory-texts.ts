import type { Clock } from '../../../src/ports/clock.ts';
import type { Texts } from '../../../src/ports/texts.ts';

/** The in-memory twin of the texts. */
export function createMemoryTexts({ clock, retentionMs }: { clock: Clock; retentionMs: number }): Texts {
  const texts = new Map<string, { text: string; until: number }>();
  return {
    async put(key, text) {
      texts.set(key, { text, until: clock.now() + retentionMs });
    },
    async get(key) {
      const kept = texts.get(key);
      return kept && kept.until > clock.now() ? kept.text : undefined;
    },
    async erase(key) {
      texts.delete(key);
    },
  };
}
