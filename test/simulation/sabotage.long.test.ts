import { describe, expect, it } from 'vitest';
import { memoryYaml } from './ports/memory-yaml.ts';
import { REMOVALS, type Removal } from './sabotages.ts';
import { type Played, playWorld } from './world/play.ts';
import type { Sabotage } from './world/world.ts';

/** Seeds within which a missing safeguard must show. Most do in the first; what two slow ways have to meet for takes hundreds. */
const MOST_SEEDS = 500;
/** So much goes wrong that what is rare comes about within a few seeds. */
const GALE = 6;
/** A world without a safeguard may never come to rest; what it breaks, it breaks early. */
const MOST_CALLS = 25_000;

const yaml = memoryYaml();

function play(seed: number, sabotage: Sabotage | undefined): Promise<Played> {
  return playWorld({ seed, yaml, severity: GALE, mostCalls: MOST_CALLS, ...(sabotage && { sabotage }) });
}

/** The first seed whose world breaks the law; absent when none does. */
async function findSeed({ law, sabotage }: Removal): Promise<number | undefined> {
  for (let seed = 1; seed <= MOST_SEEDS; seed += 1)
    if (law.breaches(await play(seed, sabotage)).length > 0) return seed;
  return undefined;
}

describe('a simulation without a safeguard', () => {
  it.each(REMOVALS)('misses $safeguard', { timeout: 180_000 }, async (removal) => {
    const seed = await findSeed(removal);
    if (seed === undefined) expect.fail(`no seed up to ${MOST_SEEDS} breaks "${removal.law.name}"`);
    expect(removal.law.breaches(await play(seed, removal.besides))).toEqual([]);
  });
});
