import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';

const Order = z.strictObject({ packages: z.array(z.string()), idleMs: z.number() });

/** The anchor: imports packages, says so, and says after a rest how much memory it has. */
const { packages, idleMs } = Order.parse(JSON.parse(process.argv[2] ?? ''));
await Promise.all(packages.map((name) => import(name)));
process.stdout.write('ready\n');
await setTimeout(idleMs);
process.stdout.write(`${process.memoryUsage().rss}\n`);
