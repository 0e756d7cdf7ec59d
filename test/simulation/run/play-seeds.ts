import { setImmediate as nextRound } from 'node:timers/promises';
import { type Breach, breachesIn } from '../invariants/laws.ts';
import { memoryYaml } from '../ports/memory-yaml.ts';
import { playWorld } from '../world/play.ts';
import { describeFailure } from './failure.ts';
import { addReached, type Reached, releasesIn } from './reached.ts';

/** Worlds that were played one after another. */
export interface Tally {
  worlds: number;
  releases: number;
  reached: Reached;
  /** Each seed whose world broke a law, in words with the command that replays it. */
  failures: string[];
}

interface Seeds {
  /** The first seed. */
  from: number;
  /** From one seed to the next. */
  step: number;
  /** Played until there were at least as many releases. */
  releases: number;
}

/** Failing seeds after which no more are looked for: the first tells most. */
const MOST_FAILURES = 3;

/** Plays worlds from seed to seed, and checks every law in each. */
export async function playSeeds({ from, step, releases }: Seeds): Promise<Tally> {
  const yaml = memoryYaml();
  const tally: Tally = { worlds: 0, releases: 0, reached: new Map(), failures: [] };
  for (let seed = from; tally.releases < releases && tally.failures.length < MOST_FAILURES; seed += step) {
    const played = await playWorld({ seed, yaml });
    tally.worlds += 1;
    tally.releases += releasesIn(played);
    addReached(tally.reached, played);
    const breaches: Breach[] = breachesIn(played);
    if (breaches.length > 0) tally.failures.push(describeFailure(played, breaches));
    // A world takes no round of the event loop; whoever waits for this process gets one between two worlds.
    await nextRound();
  }
  return tally;
}
