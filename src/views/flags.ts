import type { EnvironmentState } from '../domain/environment/environment-state.ts';
import { type FlagChange, flagEffectId, isOpenChange, lastDone } from '../domain/flag/flag-change.ts';
import { flagId } from '../domain/flag/flag-ref.ts';
import {
  type FlagAnswer,
  type FlagSetting,
  settingWords,
  shareOf,
  wantedWords,
} from '../domain/flag/flag-setting.ts';
import { stepsWords } from '../domain/flag/next-step.ts';
import type { PlannedFlag } from '../domain/flag/planned-flag.ts';
import type { Judgement } from '../domain/gate/planned-gate.ts';
import { type ReleaseId, splitReleaseId } from '../domain/ids.ts';
import { code, join, type Mrkdwn, mrkdwn } from '../domain/text/mrkdwn.ts';
import type { Answer, Block, Button, Message } from '../ports/message.ts';
import { notDone, refusal } from './answers.ts';
import { count, list, shorten } from './words.ts';

type FlagPicture = Pick<EnvironmentState, 'flags' | 'effects'>;

/** What the message of a change is drawn from. */
export interface ChangePicture {
  environment: string;
  change: FlagChange;
  state: FlagPicture;
  /** Why it could not be carried out when it was tried last; absent: it was not in vain. */
  away: string | undefined;
  nameOf(id: string): string;
}

/** The one message of a flag's change: asked for, then as it went. The newest one of a flag has the buttons. */
export function flagMessage(picture: ChangePicture): Message {
  const { environment, change, state, nameOf } = picture;
  const { key } = change.ref;
  const told = flagFate(change, state, picture.away);
  const text = `${environment} · ${key} ${told}`;
  const of = change.release && mrkdwn` · brought by ${splitReleaseId(change.release).name}`;
  const context = [
    mrkdwn`${change.change} · ${whyWords(change)} · ${nameOf(change.by)}`,
    ...(of ? [mrkdwn`${of}`] : []),
    ...(change.services.length > 0 ? [mrkdwn`read by ${shorten(list(change.services), 200)}`] : []),
    ...(change.judgements.length > 0 ? [mrkdwn`${gatesWords(change.judgements)}`] : []),
  ];
  const buttons = buttonsOf(state, { environment, change });
  return {
    text: shorten(text, 150),
    blocks: [
      { kind: 'section', text: mrkdwn`Flag ${code(key)} in *${environment}* ${told}` },
      { kind: 'context', texts: context },
      ...(buttons.length > 0 ? [{ kind: 'buttons' as const, buttons }] : []),
    ],
  };
}

/** How a change went, as the end of a sentence about its flag. */
export function flagFate(change: FlagChange, state: FlagPicture, away?: string): string {
  const wanted = wantedWords(change.wanted);
  if (change.overtakenBy !== undefined)
    return `was to be ${wanted}, and ${change.overtakenBy} took its place`;
  const status = state.effects[flagEffectId(change.change)]?.status;
  if (status?.kind === 'refused') return `is not turned: ${status.says}`;
  if (status?.kind === 'done' && status.receipt.flag) {
    const { before, after } = status.receipt.flag;
    if (status.receipt.how === 'found') return `is ${settingWords(after)}, as it was`;
    return `is ${settingWords(after)}, and was ${settingWords(before)}`;
  }
  return away === undefined
    ? `is being turned ${wanted}`
    : `is to be ${wanted}, and could not be turned yet: ${away}. It is tried again`;
}

function whyWords({ why, urgent, rollback }: FlagChange): string {
  if (why === 'rollback') return `goes back with ${rollback ? splitReleaseId(rollback).name : 'its release'}`;
  return why === 'off' ? 'turned off' : urgent ? 'turned down' : 'turned';
}

function gatesWords(judgements: readonly Judgement[]): string {
  const passed = judgements.filter(({ verdict }) => verdict === 'pass').length;
  const unsure = judgements.length - passed;
  return `${count(passed, 'gate')} passed${unsure > 0 ? `, ${unsure} could not tell and were passed over` : ''}`;
}

/** Nothing for a change that is no longer the flag's newest, or while nobody knows what became of it. */
function buttonsOf(
  state: FlagPicture,
  { environment, change }: { environment: string; change: FlagChange },
): Button[] {
  const id = flagId(change.ref);
  const newest = state.flags.changes.findLast((each) => flagId(each.ref) === id);
  if (newest?.change !== change.change || isOpenChange(change, state.effects)) return [];
  const brought = state.flags.brought[id]?.flag;
  const now = lastDone(state, change.ref)?.after;
  return now ? flagButtons({ environment, key: change.ref.key, steps: brought?.steps ?? [], now }) : [];
}

/** On to the next step, where there is one, and off, where it is on. Who may is judged when it is pressed. */
export function flagButtons(of: {
  environment: string;
  key: string;
  steps: readonly number[];
  now: FlagSetting;
  revision?: string;
}): Button[] {
  const { environment, key, steps, now, revision } = of;
  const next = steps.find((share) => share > shareOf(now));
  const up: Button[] =
    next === undefined
      ? []
      : [
          {
            label: shorten(`${key} to ${next} %`, 75),
            style: 'primary',
            does: {
              kind: 'flagTurn',
              key,
              environment,
              percent: next,
              ...(revision !== undefined && { seen: revision }),
            },
            confirm: {
              title: `Turn it to ${next} %?`,
              text: shorten(
                `${key} in ${environment}, from ${shareOf(now)} % of everybody to ${next} %.`,
                300,
              ),
              yes: 'Turn it up',
              no: 'Not yet',
            },
          },
        ];
  return now.on ? [...up, offButton({ environment, key })] : up;
}

function offButton({ environment, key }: { environment: string; key: string }): Button {
  return {
    label: shorten(`Turn ${key} off`, 75),
    style: 'danger',
    does: { kind: 'flagOff', key, environment },
    confirm: {
      title: 'Turn it off?',
      text: shorten(`Everybody in ${environment} gets the old path of ${key} again.`, 300),
      yes: 'Turn it off',
      no: 'Leave it',
    },
  };
}

/** A flag in an environment, as it is shown. */
export interface ShownFlag {
  environment: string;
  key: string;
  provider: string;
  steps: readonly number[];
  release?: ReleaseId | undefined;
  services: readonly string[];
  answer: FlagAnswer;
}

/** Buttons fit for this many flags; the others are named. */
const WITH_BUTTONS = 5;

/** Flags with what their providers say now. */
export function flagsAnswer(flags: readonly ShownFlag[], prefix: string): Answer {
  const text = flags.length === 1 ? flagLine(flags[0]) : count(flags.length, 'flag');
  const blocks = flags.flatMap((flag, index): Block[] => {
    const buttons = index < WITH_BUTTONS && flag.answer.kind === 'seen' ? seenButtons(flag, flag.answer) : [];
    return [
      { kind: 'section', text: shownWords(flag) },
      ...(buttons.length > 0 ? [{ kind: 'buttons' as const, buttons }] : []),
    ];
  });
  const ways: Block = {
    kind: 'context',
    texts: [
      mrkdwn`${code(`/${prefix}release flag off <key> [env]`)} takes it from everybody at once; ${code(`/${prefix}release flag ramp <key> [percent] [env]`)} turns it up.`,
    ],
  };
  return { kind: 'message', message: { text: shorten(text, 150), blocks: [...blocks, ways] } };
}

function seenButtons(flag: ShownFlag, { seen }: Extract<FlagAnswer, { kind: 'seen' }>): Button[] {
  return flagButtons({ ...flag, now: seen.setting, revision: seen.revision });
}

function flagLine(flag: ShownFlag | undefined): string {
  return flag === undefined ? 'no flag' : `${flag.key} in ${flag.environment} ${answerWords(flag.answer)}`;
}

function answerWords(answer: FlagAnswer): string {
  if (answer.kind !== 'seen') return `is not known: ${answer.says}`;
  const { setting } = answer.seen;
  const audience =
    !setting.on && setting.audience.length > 0 ? ` (on, for ${setting.audience.join(', ')} too)` : '';
  return `is ${settingWords(setting)}${audience}`;
}

function shownWords(flag: ShownFlag): Mrkdwn {
  const { environment, key, provider, steps, release, services } = flag;
  const of =
    release === undefined ? mrkdwn`of no release` : mrkdwn`brought by ${splitReleaseId(release).name}`;
  const lines = [
    mrkdwn`Flag ${code(key)} in *${environment}* ${answerWords(flag.answer)}`,
    mrkdwn`${of}, kept by ${provider}${services.length > 0 ? `, read by ${shorten(list(services), 200)}` : ''}`,
    ...(steps.length > 0 ? [mrkdwn`steps: ${stepsWords(steps)}`] : []),
  ];
  return join(lines, '\n');
}

/** Why a flag is not turned up: what its gates say of the step it is at. */
export function gatesKeepIt(kept: {
  key: string;
  environment: string;
  percent: number;
  failed: readonly Judgement[];
  unsure: readonly Judgement[];
  /** Sentences without their stops. */
  pending: readonly string[];
  revision: string;
}): Answer {
  const { key, environment, percent, failed, unsure, pending, revision } = kept;
  const words = [...failed, ...unsure].map(({ gate, service, verdict, measurements }) => {
    const last = measurements.at(-1);
    const value = last?.value === undefined ? (last?.note ?? '') : String(last.value);
    return `${gate} of ${service}: ${verdict}${value ? ` (${shorten(value, 120)})` : ''}`;
  });
  const mayGoOn = failed.length === 0 && pending.length === 0;
  const anyway: Button = {
    label: 'Turn it up anyway',
    does: { kind: 'flagTurn', key, environment, percent, seen: revision, anyway: true },
    confirm: {
      title: 'Turn it up anyway?',
      text: 'Its gates could not tell; your name is kept with this.',
      yes: 'Turn it up',
      no: 'Wait',
    },
  };
  return refusal({
    says: `${key} in ${environment} is not turned up: ${list([...words, ...pending])}.`,
    rule: 'flag-gates',
    remedy: failed.length > 0 ? 'Turn it off, or find out why.' : 'Try again when its gates can tell.',
    buttons: [...(mayGoOn ? [anyway] : []), offButton({ environment, key })],
  });
}

/** Nobody keeps a flag by that name. */
export function noSuchFlag({
  key,
  environment,
  near,
}: {
  key: string;
  environment: string;
  near: string;
}): Answer {
  return notDone(`There is no flag ${key} in ${environment}.`, mrkdwn`${near}`);
}

/** Flags of a release on its board. */
export function boardFlagLines(
  flags: readonly PlannedFlag[],
  state: FlagPicture,
): { flag: PlannedFlag; now: FlagSetting | undefined; words: string }[] {
  return flags.map((flag) => {
    const now = lastDone(state, flag)?.after ?? flag.before;
    const steps = flag.steps.length > 0 ? `, by ${stepsWords(flag.steps)}` : '';
    return { flag, now, words: `${flag.key}: ${now ? settingWords(now) : 'not known'}${steps}` };
  });
}
