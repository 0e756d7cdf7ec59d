import { playSeeds } from './run/play-seeds.ts';
import { crashPoints } from './run/reached.ts';

/** Plays seeds one after another until there were so many releases. Exits 1 when a law was broken, 2 when it was not asked well. */
const [from, releases] = process.argv.slice(2).map(Number);
if (!Number.isInteger(from) || !Number.isInteger(releases) || from === undefined || releases === undefined) {
  process.stderr.write('usage: soak.ts <first seed> <releases>\n');
  process.exitCode = 2;
} else {
  const tally = await playSeeds({ from, step: 1, releases });
  const reached = [...tally.reached].filter(([name]) => !name.startsWith('crash ')).sort();
  const says = [
    ...tally.failures,
    ...reached.map(([name, count]) => `${String(count).padStart(8)} ${name}`),
    `${tally.releases} releases in ${tally.worlds} worlds from seed ${from}, ${crashPoints(tally.reached).length} crash points, ${tally.failures.length} failing seeds`,
  ];
  process.stdout.write(`${says.join('\n')}\n`);
  process.exitCode = tally.failures.length > 0 ? 1 : 0;
}
