import { breachesIn } from './invariants/laws.ts';
import { memoryYaml } from './ports/memory-yaml.ts';
import { lineOf } from './run/line-of.ts';
import { playWorld } from './world/play.ts';

/**
 * Plays the world of one seed and prints everything that happened in it and each law it breaks. A second argument keeps only the
 * lines that hold it. Exits 1 when a law is broken, 2 when there is no seed to play.
 */
const [seedText = '', filter = ''] = process.argv.slice(2);
const seed = /^\d+$/.test(seedText) ? Number(seedText) : undefined;
if (seed === undefined) {
  process.stderr.write('usage: replay.ts <seed> [only lines with these words]\n');
  process.exitCode = 2;
} else {
  const played = await playWorld({ seed, yaml: memoryYaml() });
  const lines = played.history.entries.map((entry) => lineOf(entry, played.began));
  const breaches = breachesIn(played);
  const says = [
    ...lines.filter((line) => line.includes(filter)),
    ...breaches.map(({ law, says: what }) => `BREACH ${law}: ${what}`),
    `seed ${seed}: ${played.releases.length} releases, ${lines.length} lines, hash ${played.hash}`,
  ];
  process.stdout.write(`${says.join('\n')}\n`);
  process.exitCode = breaches.length > 0 ? 1 : 0;
}
