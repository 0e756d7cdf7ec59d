import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pino, { type Logger } from 'pino';
import { TerminalError, UnavailableError } from './errors.ts';
import { load } from './program/load.ts';
import { ALL_ROLES, Role } from './program/roles.ts';
import { type Signalbox, startSignalbox } from './program/start-signalbox.ts';

/** Asked to end, everything is finished or handed over in this time, also with Redis away. */
const STOP_WITHIN_MS = 5_000;

/** Each try waits for its parts itself, for a second and more. */
const START_AGAIN_MS = 1_000;

const USAGE = `signalbox [--config signalbox.yaml] [--role web|worker|recovery|watch]…

Runs Signalbox. One process does everything; with --role (several times, if wanted) it does only that.`;

const log = pino({ level: process.env['SIGNALBOX_LOG_LEVEL'] ?? 'info' });

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      config: { type: 'string', default: 'signalbox.yaml' },
      role: { type: 'string', multiple: true },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return say(USAGE, 0);
  const roles = Role.array().safeParse(values.role ?? ALL_ROLES);
  if (!roles.success) return say(`--role takes ${ALL_ROLES.join(', ')}`, 2);
  const loaded = await load(values.config, process.env);
  if (loaded.kind === 'faulty') return say(loaded.lines.join('\n'), 2);
  const stop = Promise.withResolvers<'stop'>();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.resolve('stop'));
  return run({ ...loaded, roles: roles.data, log }, stop.promise);
}

/** One life after the other: when the store was emptied, the next one begins with restoring it. */
async function run(options: Parameters<typeof startSignalbox>[0], stop: Promise<'stop'>): Promise<number> {
  for (;;) {
    const signalbox = await Promise.race([startPatiently(options), stop]);
    // What has been opened so far ends with the process.
    if (signalbox === 'stop') return 0;
    log.info(
      { slackPort: signalbox.slackPort, pagesPort: signalbox.pagesPort, roles: options.roles },
      'ready',
    );
    const why = await Promise.race([signalbox.lost, stop]);
    await end(signalbox, log);
    if (why === 'stop') return 0;
    log.error({ why }, 'starting anew');
  }
}

/** Redis, or Git when the record has to be restored from it, may come later than we do. */
async function startPatiently(options: Parameters<typeof startSignalbox>[0]): Promise<Signalbox> {
  for (;;) {
    try {
      return await startSignalbox(options);
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      log.error({ reason: error.message }, 'could not start yet, trying again');
      await pause(START_AGAIN_MS);
    }
  }
}

async function end(signalbox: Signalbox, logger: Logger): Promise<void> {
  const late = setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
  await signalbox.stop(STOP_WITHIN_MS - 500);
  clearTimeout(late);
  logger.info('stopped');
}

function say(text: string, code: number): number {
  (code === 0 ? process.stdout : process.stderr).write(`${text}\n`);
  return code;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    if (error instanceof TerminalError) say(error.message, 1);
    else log.fatal({ err: error }, 'could not go on');
    process.exit(1);
  },
);
