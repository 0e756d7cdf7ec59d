import { describe, expect, it } from 'vitest';
import { drawNames, shopOf } from '../../src/sandbox/shop/shop.ts';
import { startNarrator } from '../../src/sandbox/story/narrator.ts';
import { playStory } from '../../src/sandbox/story/story.ts';
import { startWorld } from '../../src/sandbox/world.ts';

/** The story's own limit is 90 s on a quiet machine; here other tests run beside it. */
const STORY_MS = 240_000;

/** Draws the same numbers for the same seed. Source: mulberry32, https://github.com/cprosche/mulberry32 */
function drawnFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe('the story', () => {
  it(
    'holds whatever the shop’s things are called',
    async () => {
      const seed = Number(process.env['STORY_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
      const lines: string[] = [];
      await using world = await startWorld({
        shop: shopOf(drawNames(drawnFrom(seed))),
        environment: process.env,
      });
      const narrator = startNarrator(world, (line) => void lines.push(line));
      try {
        await playStory(world, narrator);
      } catch (error) {
        throw new Error(`STORY_SEED=${seed}:\n${lines.slice(-60).join('\n')}`, { cause: error });
      } finally {
        narrator.stop();
      }
      expect(lines.join('\n')).toContain('Clean');
    },
    STORY_MS,
  );
});
