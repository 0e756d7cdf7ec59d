import { parseArgs } from 'node:util';
import { abort } from './abort.ts';
import { ack } from './ack.ts';
import type { Bench } from './bench.ts';
import { cluster } from './cluster.ts';
import { cut } from './cut.ts';
import { ledger } from './ledger.ts';
import { manifest } from './manifest.ts';
import { machineLine } from './measure/machine.ts';
import { tableOf } from './measure/table.ts';
import { start } from './start.ts';

const BENCHES: readonly Bench[] = [ack, abort, ledger, manifest, cut, start, cluster];

const USAGE = `npm run bench [-- names] [-- --quick]

Measures Signalbox beside the least that could do the same work, and prints a table. README.md here says how to read it.

${BENCHES.map(({ name, says, needs }) => `  ${name.padEnd(8)} ${says}${needs ? `; only by name: needs ${needs}` : ''}`).join('\n')}

  --quick    shorter and fewer rounds: shows that it works, gives no figures worth keeping`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { quick: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
  });
  const unknown = positionals.filter((name) => !BENCHES.some((bench) => bench.name === name));
  if (values.help || unknown.length > 0) {
    process.stdout.write(`${unknown.map((name) => `There is no bench ${name}.\n`).join('')}${USAGE}\n`);
    return unknown.length > 0 ? 2 : 0;
  }
  const wanted = BENCHES.filter(({ name, needs }) =>
    positionals.length === 0 ? needs === undefined : positionals.includes(name),
  );
  for (const bench of wanted) {
    const progress = (what: string) => process.stderr.write(`${bench.name}: ${what} …\n`);
    process.stdout.write(`\n${machineLine()}\n`);
    for (const comparison of await bench.run({ quick: values.quick, progress })) {
      process.stdout.write(`\n${tableOf(comparison)}\n`);
    }
  }
  return 0;
}

process.exitCode = await main();
