import { startPrometheus } from '../../src/sandbox/metrics/start-prometheus.ts';

/** A process of its own with a Prometheus: tells its address, and then waits to be ended. */
const [, , options = '{}'] = process.argv;
const { url, how } = await startPrometheus(JSON.parse(options));
process.stdout.write(`${JSON.stringify({ url, how })}\n`);
setInterval(() => undefined, 60_000);
