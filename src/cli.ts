#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { Command, CommanderError, Option } from 'commander';
import pino from 'pino';
import { guardedYaml } from './adapters/yaml/guarded-yaml.ts';
import { printSchema, SCHEMA_NAMES, type SchemaName } from './config/print-schema.ts';
import type { Config } from './config/schema.ts';
import { readSecrets, type Secrets } from './config/secrets.ts';
import { loadConfig, readConfig } from './config.ts';
import { faultLine } from './domain/document/fault.ts';
import { TerminalError, UnavailableError } from './errors.ts';
import { type Answer, FORMS, type Form } from './program/cli/answer.ts';
import type { AskOptions, Terminal } from './program/cli/ask-bot.ts';
import { checkAnswer } from './program/cli/check.ts';
import { type Completable, completionScript, SHELLS } from './program/cli/completion.ts';
import { formatAnswer, formatFiles } from './program/cli/format-files.ts';
import type { InitAsked } from './program/cli/init.ts';
import { newKeyAnswer, publicKeyAnswer } from './program/cli/key.ts';
import { preflightAnswer, preflightFiles } from './program/cli/preflight.ts';
import { type RbacAsked, rbacAnswer, USUAL_BOT } from './program/cli/rbac.ts';
import { REMOTE_COMMANDS, type RemoteCommand, verbsHelp } from './program/cli/remote-commands.ts';
import { rulesAnswer } from './program/cli/rules.ts';
import type { ServiceAsked } from './program/cli/service-add.ts';
import { validateAnswer, validateFiles } from './program/cli/validate.ts';

/** Ways to end: all is well; something is wrong; nobody understood what was typed. */
const EXIT = { fine: 0, faulty: 1, misunderstood: 2 } as const;

/** Findings are the answer; what clients say besides is for whoever looks for a defect. */
const log = pino({ level: process.env['SIGNALBOX_LOG_LEVEL'] ?? 'silent' }, pino.destination(2));

/** `github`: annotations, which a workflow shows beside the lines. */
const form = () =>
  new Option('--format <form>', 'how faults are written').choices(FORMS).default('text').conflicts('json');

const CONFIG = ['-c, --config <file>', 'the configuration', 'signalbox.yaml'] as const;

function commandLine(done: (answer: Answer, options: { json?: boolean }) => void): Command {
  const program = new Command('signalbox')
    .description(
      'Asks a running Signalbox, and checks, prepares and explains an installation. The bot itself: npm start.',
    )
    .version(version())
    .showHelpAfterError()
    .exitOverride();
  const command = (usage: string, description: string): Command =>
    program.command(usage).description(description).option('--json', 'answer in JSON');

  for (const remote of REMOTE_COMMANDS) {
    asking(command(`${remote.name} [words...]`, remote.summary))
      .option('-y, --yes', 'send the form that is the answer, without asking', false)
      .option('--press <label>', 'press this button of the answer')
      .option('--set <field=value>', 'fill in a field of the form; several times', listed, [])
      .option('--key <key>', 'run once under this key, however often it is sent (default: a new one)')
      .allowUnknownOption()
      .addHelpText('after', verbsHelp(remote))
      .action(async (words: string[], options) => done(await ask([remote.name, ...words], options), options));
  }
  asking(command('answer <id>', 'show the answer to what was asked before')).action(
    async (id: string, options) => done(await answerLater(id, options), options),
  );
  command('init <folder>', 'look at a GitOps working copy, and write a first signalbox.yaml and catalog')
    .option('-c, --config <file>', 'where the configuration goes', 'signalbox.yaml')
    .option(
      '--catalog <file>',
      'where the catalog goes (default: catalog.yaml at the root of its repository)',
    )
    .option('--kubeconfig <file>', 'read the clusters of its contexts, too; changes nothing there')
    .option('--backstage <folder>', 'read catalog-info.yaml files below it, too; several times', listed, [])
    .option('--dry-run', 'print both, write nothing', false)
    .addHelpText('after', '\nOverwrites nothing. Lists everything that it could not decide, with what to do.')
    .action(async (folder: string, options) => done(await init(folder, options), options));
  const service = program.command('service').description('change the catalog: service add');
  service
    .command('add <name>')
    .description('write a new service into the catalog, comments kept')
    .option('--json', 'answer in JSON')
    .requiredOption('--image <repository>', 'without tag or digest, such as ghcr.io/acme/orders-api')
    .requiredOption('--owner <role>', 'role of signalbox.yaml that owns it')
    .option('--tier <tier>', '0 and 1 are critical, 4 is a toy (default: 2)')
    .option('--depends-on <service>', 'a service that it needs; several times', listed, [])
    .option('--gate <preset>', 'a gate of its own besides the environment’s; several times', listed, [])
    .option('--like <service>', 'run where this one runs, under its own name (default: defaults.placements)')
    .option('--catalog <file>', 'the catalog', 'catalog.yaml')
    .option(...CONFIG)
    .option('--dry-run', 'print it, write nothing', false)
    .action(async (name: string, options) => done(await serviceAdd(name, options), options));
  command('check', 'look whether everything the bot needs is there and lets it do its work; changes nothing')
    .option(...CONFIG)
    .action(async (options) => done(await check(options.config), options));
  command(
    'validate [files...]',
    'check signalbox.yaml, a catalog, release documents and checklists; asks nobody',
  )
    .addOption(form())
    .addHelpText(
      'after',
      '\nFiles are told apart by their kind, and checked against each other. Absent: signalbox.yaml.',
    )
    .action(async (files: string[], options) => done(await validate(files, options.format), options));
  command('fmt [files...]', 'put signalbox.yaml, a catalog and release documents into one order and layout')
    .option('--check', 'write nothing, and end with 1 when a file is not in order', false)
    .addOption(form())
    .addHelpText(
      'after',
      '\nComments stay with what they are about. Ends with 1 too when a file cannot be read. Absent: signalbox.yaml.',
    )
    .action(async (files: string[], options) => done(await format(files, options), options));
  command(
    'rules',
    'list the rules a release is judged by: what each asks, how severe it is, what to do',
  ).action((options) => done(rulesAnswer(), options));
  command(
    'preflight <files...>',
    'judge release documents by every rule that files alone can answer; asks nobody',
  )
    .addHelpText(
      'after',
      '\nGive signalbox.yaml, the catalog and the release documents. What asks the world is not known here, and judged at the cut.',
    )
    .action(async (files: string[], options) => done(await preflight(files), options));
  command('rbac', 'print the rights that the bot and its people need in a cluster, for kubectl apply -f -')
    .option(...CONFIG)
    .option('--cluster <name>', 'the cluster they are for (default: the only one)')
    .option('--bot <user>', 'as whom the bot reaches it', USUAL_BOT)
    .option('--catalog <file>', 'the catalog (default: as Git has it)')
    .option('--workload-refs', 'Rollouts refer to Deployments, which an undo must then change', false)
    .action(async (options) => done(await rbac(options), options));
  command('key', 'make a key that signs the record (SIGNALBOX_LEDGER_KEY)')
    .option('--public', 'show the public half of the one in SIGNALBOX_LEDGER_KEY instead', false)
    .action((options) =>
      done(options.public ? publicKeyAnswer(process.env['SIGNALBOX_LEDGER_KEY']) : newKeyAnswer(), options),
    );
  command(
    'schema <document>',
    `print the JSON Schema of a document for editors: ${SCHEMA_NAMES.join(', ')}`,
  ).action((name: string, options) => done(schema(name), options));
  command('completion <shell>', `print what lets a shell complete all this: ${SHELLS.join(', ')}`).action(
    (shell: string, options) => done(completion(shell, program), options),
  );
  return program;
}

/** Options of everything that a running bot is asked. */
function asking(command: Command): Command {
  return command
    .option('--url <address>', 'where Signalbox is (default: SIGNALBOX_URL)')
    .option('--wait <seconds>', 'how long to wait for the answer', '120')
    .addHelpText('after', '\nSIGNALBOX_TOKEN holds your token: /release token in Slack makes it.');
}

function listed(value: string, before: string[]): string[] {
  return [...before, value];
}

async function ask(words: readonly string[], options: AskOptions): Promise<Answer> {
  const { askBot } = await import('./program/cli/ask-bot.ts');
  return askBot(words, options, terminal());
}

async function answerLater(id: string, options: AskOptions): Promise<Answer> {
  const { fetchLater } = await import('./program/cli/ask-bot.ts');
  return fetchLater(id, options, terminal());
}

/** A person is asked where one sits at both ends. */
function terminal(): Terminal {
  const isAttended = process.stdin.isTTY && process.stderr.isTTY && !process.argv.includes('--json');
  return {
    env: process.env,
    progress: (line) => void process.stderr.write(`${line}\n`),
    ...(isAttended && { confirm: confirmed }),
  };
}

async function confirmed(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}

function completion(shell: string, program: Command): Answer {
  const text = completionScript(shell, program.commands.map(completable));
  return { isFine: true, text: text.trimEnd(), json: { shell, script: text } };
}

function completable(command: Command): Completable {
  const remote: RemoteCommand | undefined = REMOTE_COMMANDS.find(({ name }) => name === command.name());
  const words = {
    schema: SCHEMA_NAMES.map((word) => ({ word, summary: 'document' })),
    service: [{ word: 'add', summary: 'write a new service into the catalog' }],
    completion: SHELLS.map((word) => ({ word, summary: 'shell' })),
  };
  const known = Object.entries(words).find(([name]) => name === command.name())?.[1] ?? [];
  return {
    name: command.name(),
    summary: command.description(),
    words: remote ? remote.verbs.map(({ name: word, summary }) => ({ word, summary })) : known,
    options: command.options.flatMap(({ long }) => (long ? [long] : [])),
  };
}

async function init(folder: string, options: InitAsked): Promise<Answer> {
  const { initAnswer } = await import('./program/cli/init.ts');
  await using yaml = guardedYaml();
  return await initAnswer(folder, options, { yaml, now: Date.now });
}

async function serviceAdd(name: string, options: ServiceAsked): Promise<Answer> {
  const { serviceAddAnswer } = await import('./program/cli/service-add.ts');
  await using yaml = guardedYaml();
  return await serviceAddAnswer(name, options, yaml);
}

async function check(file: string): Promise<Answer> {
  // Loaded here: the clients of everything are three quarters of a second that no other command needs.
  const { checkInstallation } = await import('./program/check/check-installation.ts');
  await using yaml = guardedYaml();
  const loaded = await loadConfig({ file, env: process.env, yaml });
  if (loaded.kind === 'faulty') throw new TerminalError(loaded.lines.join('\n'));
  return checkAnswer(await checkInstallation({ ...loaded, log, path: process.env['PATH'] ?? '' }));
}

async function validate(given: readonly string[], as: Form): Promise<Answer> {
  const files = given.length > 0 ? given : ['signalbox.yaml'];
  await using yaml = guardedYaml();
  return validateAnswer(await validateFiles(files, yaml), files, as);
}

async function format(
  given: readonly string[],
  { check: onlyCheck, format: as }: { check: boolean; format: Form },
): Promise<Answer> {
  const files = given.length > 0 ? given : ['signalbox.yaml'];
  await using yaml = guardedYaml();
  return formatAnswer(await formatFiles(files, { yaml, check: onlyCheck }), as);
}

async function preflight(files: readonly string[]): Promise<Answer> {
  await using yaml = guardedYaml();
  return preflightAnswer(await preflightFiles(files, yaml));
}

async function rbac(options: RbacAsked & { config: string }): Promise<Answer> {
  await using open = new AsyncDisposableStack();
  const yaml = open.use(guardedYaml());
  const read = await readConfig(options.config, yaml);
  if (read.kind === 'faulty') throw new TerminalError(read.faults.map(faultLine).join('\n'));
  const { config } = read;
  const asking = async () => {
    const { openForAsking } = await import('./program/open-for-asking.ts');
    return open.use(await openForAsking({ config, secrets: secretsFor(config), log }));
  };
  let opened: ReturnType<typeof asking> | undefined;
  // Awaited here: what is open is closed when this function is left.
  return await rbacAnswer(options, {
    config,
    yaml,
    asking() {
      opened ??= asking();
      return opened;
    },
  });
}

function secretsFor(config: Config): Secrets {
  const read = readSecrets(process.env, config);
  if (read.kind === 'faulty') throw new TerminalError(read.faults.join('\n'));
  return read.secrets;
}

function schema(name: string): Answer {
  // Release documents are called manifests too.
  const wanted = name === 'manifest' ? 'release' : name;
  const known = SCHEMA_NAMES.find((one): one is SchemaName => one === wanted);
  if (known === undefined)
    throw new TerminalError(`There is no schema ${name}; known: ${SCHEMA_NAMES.join(', ')}`);
  const text = printSchema(known);
  return { isFine: true, text: text.trimEnd(), json: JSON.parse(text) };
}

function version(): string {
  const { version: own } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return String(own);
}

async function main(): Promise<number> {
  let code: number = EXIT.fine;
  const program = commandLine((answer, { json }) => {
    process.stdout.write(`${json ? JSON.stringify(answer.json, null, 2) : answer.text}\n`);
    code = answer.isMisunderstood ? EXIT.misunderstood : answer.isFine ? EXIT.fine : EXIT.faulty;
  });
  try {
    await program.parseAsync();
  } catch (error) {
    return codeFor(error);
  }
  return code;
}

function codeFor(error: unknown): number {
  // Its message was written already; asking for help ends with 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.misunderstood;
  if (!(error instanceof TerminalError || error instanceof UnavailableError)) throw error;
  const isJson = process.argv.includes('--json');
  if (isJson) process.stdout.write(`${JSON.stringify({ ok: false, error: error.message }, null, 2)}\n`);
  else process.stderr.write(`${error.message}\n`);
  return EXIT.faulty;
}

process.exitCode = await main();
