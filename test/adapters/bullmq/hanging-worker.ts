import { handling, startBelfry } from './start-belfry.ts';

/** A process that begins to look, says so, and never ends. Ended by `kill -9`. Usage: node hanging-worker.ts <url> */
const [url = ''] = process.argv.slice(2);
const hang = (bell: { kind: string }) => {
  process.stdout.write(`${bell.kind}\n`);
  return new Promise<void>(() => undefined);
};
startBelfry(url).answer(handling({ recovery: hang, release: hang }));
process.stdout.write('ready\n');
