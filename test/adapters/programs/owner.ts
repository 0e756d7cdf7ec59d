import { startRedis } from '../../../src/adapters/programs/start-redis.ts';

/** A process that starts a Redis, says where, and stays until it is ended. Usage: node owner.ts <program> <folder> */
const [command = '', directory = ''] = process.argv.slice(2);
const redis = await startRedis({ program: { command, libraryPath: '' }, directory });
process.stdout.write(`${JSON.stringify({ pid: redis.pid, url: redis.url })}\n`);
setInterval(() => undefined, 60_000);
