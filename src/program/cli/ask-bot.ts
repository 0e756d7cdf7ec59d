import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Bot, type NotUnderstood, reachBot } from '../../adapters/api/client.ts';
import type { Told, ToldAction } from '../../domain/told.ts';
import { TerminalError, UnavailableError } from '../../errors.ts';
import { harmless } from '../../views/plain-text.ts';
import type { Answer } from './answer.ts';
import { fieldsOf } from './form-fields.ts';

/** How a command for a running bot is asked. */
export interface AskOptions {
  url?: string;
  /** Seconds, as it was typed. */
  wait: string;
  /** Send the form that is the answer. */
  yes: boolean;
  /** Press the button with this label in the answer. */
  press?: string;
  /** `field=value`, several times. */
  set: string[];
  /** The same runs once. */
  key?: string;
}

/** What asking needs of the terminal. */
export interface Terminal {
  env: Readonly<Record<string, string | undefined>>;
  /** Tells how it goes, beside the answer. */
  progress(line: string): void;
  /** Asks a person; absent where nobody sits. */
  confirm?(question: string): Promise<boolean>;
}

/** A lost answer is asked for again this often: the same key runs once. */
const TRIES = 4;
const FIRST_PAUSE_MS = 500;
/** How long one look waits; after each a person hears that it goes on. */
const LOOK_SECONDS = 5;

/** Sends words to a running bot, waits, and goes on to the form or button that the person wants. */
export async function askBot(
  words: readonly string[],
  options: AskOptions,
  terminal: Terminal,
): Promise<Answer> {
  const bot = botFor(options, terminal);
  const waitSeconds = secondsOf(options.wait);
  const key = options.key ?? randomUUID();
  const first = await ask(bot, { body: { argv: [...words] }, key, waitSeconds }, terminal);
  if (first.kind !== 'told') return first.answer;
  const next = await wanted(first, options, terminal);
  if (next.kind === 'answer') return next.answer;
  const { action, fields } = next;
  const second = await ask(
    bot,
    { body: { press: action.press, fields }, key: `${key}.next`, waitSeconds },
    terminal,
  );
  return second.kind === 'told' ? toldAnswer(second) : second.answer;
}

/** The answer to what was asked before. */
export async function fetchLater(
  id: string,
  options: Pick<AskOptions, 'url' | 'wait'>,
  terminal: Terminal,
): Promise<Answer> {
  const bot = botFor(options, terminal);
  const told = await waitFor(bot, { id, waitSeconds: secondsOf(options.wait) }, terminal);
  return told ? toldAnswer({ id, told }) : noAnswer(id);
}

interface ToldUnder {
  id: string;
  told: Told;
}

type AskedBot = ({ kind: 'told' } & ToldUnder) | { kind: 'answer'; answer: Answer };

async function ask(
  bot: Bot,
  { body, key, waitSeconds }: { body: Parameters<Bot['post']>[0]; key: string; waitSeconds: number },
  terminal: Terminal,
): Promise<AskedBot> {
  const posted = await patiently(() => bot.post(body, key), terminal);
  if (posted.kind === 'misunderstood') return { kind: 'answer', answer: misunderstood(posted) };
  const { id } = posted;
  terminal.progress(`accepted as ${id}`);
  const told = await waitFor(bot, { id, waitSeconds }, terminal);
  return told ? { kind: 'told', id, told } : { kind: 'answer', answer: noAnswer(id) };
}

/** The form is sent, or a button pressed, only when the person says so. */
async function wanted(
  first: ToldUnder,
  options: AskOptions,
  { confirm, progress }: Terminal,
): Promise<
  | { kind: 'next'; action: ToldAction; fields: Record<string, string | string[]> }
  | { kind: 'answer'; answer: Answer }
> {
  const { told } = first;
  if (options.press !== undefined) {
    const action = actionOf(told, options.press);
    const question = action.confirm;
    if (question === undefined || options.yes || (await confirm?.(question))) {
      return { kind: 'next', action, fields: {} };
    }
    throw new TerminalError(`Nothing was pressed. ${harmless(question)} Say --yes to do it.`);
  }
  if (told.form === undefined) return { kind: 'answer', answer: toldAnswer(first) };
  const { submit } = told.form;
  if (!options.yes && confirm !== undefined) progress(told.text);
  const isWanted = options.yes || (await confirm?.(`${submit.label}?`)) === true;
  if (!isWanted) return { kind: 'answer', answer: toldAnswer(first) };
  return { kind: 'next', action: submit, fields: fieldsOf(told.form.fields, options.set) };
}

function actionOf({ actions, form }: Told, label: string): ToldAction {
  const all = [...(form ? [form.submit] : []), ...actions];
  const found = all.find((action) => action.label.toLowerCase() === label.toLowerCase());
  if (found) return found;
  const known =
    all.length > 0 ? `there is ${all.map((action) => `"${action.label}"`).join(', ')}` : 'there is none';
  throw new TerminalError(`The answer has no button "${label}": ${known}. Nothing was pressed.`);
}

async function waitFor(
  bot: Bot,
  { id, waitSeconds }: { id: string; waitSeconds: number },
  terminal: Terminal,
): Promise<Told | undefined> {
  const start = performance.now();
  for (;;) {
    const passed = (performance.now() - start) / 1000;
    const left = waitSeconds - passed;
    const told = await patiently(() => bot.answer(id, Math.max(0, Math.min(LOOK_SECONDS, left))), terminal);
    if (told !== undefined) return told;
    if (left <= LOOK_SECONDS) return undefined;
    terminal.progress(`no answer yet after ${Math.round((performance.now() - start) / 1000)} s`);
  }
}

/** What is away may come back; everything here may be done twice. */
async function patiently<T>(act: () => Promise<T>, { progress }: Terminal): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof UnavailableError) || tries === TRIES) throw error;
      progress(`${harmless(error.message)} Trying again.`);
      await pause(Math.min(10_000, Math.max(error.retryAfterMs ?? 0, FIRST_PAUSE_MS * 2 ** (tries - 1))));
    }
  }
}

function botFor({ url }: Pick<AskOptions, 'url'>, { env }: Terminal): Bot {
  const address = url ?? env['SIGNALBOX_URL'];
  const token = env['SIGNALBOX_TOKEN'];
  if (!address) throw new TerminalError('Where is Signalbox? Say --url https://…, or set SIGNALBOX_URL.');
  if (!token) throw new TerminalError('SIGNALBOX_TOKEN is not set: /release token in Slack makes you one.');
  return reachBot({ url: address, token });
}

function secondsOf(typed: string): number {
  if (/^\d{1,5}$/.test(typed)) return Number(typed);
  throw new TerminalError(`--wait ${typed} is not a number of seconds.`);
}

function toldAnswer({ id, told }: ToldUnder): Answer {
  const { outcome, text, file, actions, form } = told;
  const asks = form ? [`Nothing was done yet. Say --yes to do it: ${form.submit.label}.`] : [];
  const buttons = actions.map(({ label }) => `"${label}"`).join(', ');
  const lines = [
    text,
    ...(file ? ['', file.text] : []),
    ...(buttons ? ['', `--press: ${buttons}`] : []),
    ...asks,
  ];
  return {
    isFine: outcome === 'done',
    text: lines.join('\n'),
    json: { ok: outcome === 'done', id, ...told },
  };
}

function misunderstood({ says, remedy, suggestions }: NotUnderstood): Answer {
  return {
    isFine: false,
    isMisunderstood: true,
    text: harmless(`${says}. ${remedy}`.replace('..', '.')),
    json: { ok: false, outcome: 'misunderstood', error: says, remedy, suggestions },
  };
}

function noAnswer(id: string): Answer {
  const says = `There is no answer yet; it is written down and will be carried out. Look again: signalbox answer ${id}`;
  return { isFine: false, text: says, json: { ok: false, outcome: 'waiting', id, error: says } };
}
