import { authorise } from '../../domain/authorise.ts';
import { changeStanding } from '../../domain/environment/change-calendar.ts';
import type { EnvironmentState } from '../../domain/environment/environment-state.ts';
import { askFacts } from '../../domain/flag/ask-facts.ts';
import { type BroughtFlag, lastDone } from '../../domain/flag/flag-change.ts';
import { type FlagSeen, type FlagWanted, settingWords, shareOf } from '../../domain/flag/flag-setting.ts';
import { nextStep } from '../../domain/flag/next-step.ts';
import type { Judgement } from '../../domain/gate/planned-gate.ts';
import { splitReleaseId } from '../../domain/ids.ts';
import type { Rules } from '../../domain/rules.ts';
import { channelLink, mrkdwn } from '../../domain/text/mrkdwn.ts';
import { gates } from '../../gates/registry.ts';
import type { Answer } from '../../ports/message.ts';
import type { Ports } from '../../ports/ports.ts';
import { needsRole, notDone, refusal, said } from '../../views/answers.ts';
import { gatesKeepIt } from '../../views/flags.ts';
import { decideOnEnvironment } from '../preflight/decide-on-environment.ts';
import { readEnvironment, readInstallation, readRelease } from '../read-state.ts';
import type { Asked, Carry } from '../requests/asked.ts';
import { type FoundFlag, findFlag, readFlag } from './find-flag.ts';
import { judgeStep } from './judge-step.ts';

/**
 * Turns a flag to a percentage. Up only after what it is for is out, by the steps of its plan, and when the gates of its services
 * pass at the step it is at; down at any time, by whoever may roll back. It is changed from what was seen here, and from nothing
 * else.
 */
export const flagTurn: Carry<'flagTurn'> = async ({ ports, rules }, asked) => {
  const { key, environment: where, percent, seen: shown } = asked.request;
  const found = await findFlag(ports, rules, {
    key,
    environment: where,
    again: (environment) => ({ ...asked.request, environment }),
  });
  if (found.kind === 'answer') return found.answer;
  const { environment, ref, brought } = found;
  const { changes } = (await readEnvironment(ports, environment.name)).state.flags;
  // Carried out before a crash: what is recorded stands, whatever the flag gives now.
  if (changes.some(({ cause }) => cause === asked.id)) return said(`Turning ${key} in ${environment.name}.`);
  const answer = await readFlag(ports, ref);
  if (answer.kind !== 'seen') return notDone(`${key} is not turned: ${answer.says}.`);
  const { seen } = answer;
  const now = settingWords(seen.setting);
  if (shown !== undefined && shown !== seen.revision)
    return notDone(`Since that card somebody changed ${key}: it is ${now} now. Not done.`);
  const step = nextStep(seen.setting, { asked: percent, steps: brought?.flag.steps ?? [] });
  if (step.kind === 'refused')
    return refusal({ says: `${key} is not turned: ${step.says}.`, rule: 'flag-steps', remedy: step.remedy });
  const may = authorise(asked.by.roles, step.isUp ? 'resume' : 'rollback', environment);
  if (may.kind === 'refused')
    return needsRole({ ...may, environment: environment.name, what: `turn ${key} to ${step.share} %` });
  if (step.share === shareOf(seen.setting) && seen.setting.on === step.share > 0)
    return said(`${key} is ${now} in ${environment.name} already.`);
  const judged = step.isUp ? await mayGoUp(ports, { rules, found, asked, seen, percent: step.share }) : [];
  if (!Array.isArray(judged)) return judged;
  const wanted: FlagWanted =
    step.share === 0 ? { on: false } : { on: true, ...(hasShare(seen) && { share: step.share }) };
  const decided = await decideOnEnvironment(ports, { asked, environment: environment.name }, (state) => ({
    kind: 'facts',
    facts: askFacts(state, {
      change: `FL${state.flags.count + 1}`,
      ref,
      wanted,
      why: 'turn',
      urgent: !step.isUp,
      seen,
      ...(brought && { release: brought.release }),
      services: brought?.flag.services ?? [],
      judgements: judged,
    }),
  }));
  if (decided.kind === 'answer') return decided.answer;
  await ports.bells.ring({ kind: 'flags', environment: environment.name });
  return said(
    `Turning ${key} from ${shareOf(seen.setting)} % to ${step.share} % in ${environment.name}.`,
    mrkdwn`${channelLink(environment.channel)} says when it is done.`,
  );
};

/** A flag of other values than true and false is all or nothing here. */
function hasShare({ setting }: FlagSeen): boolean {
  return setting.share !== undefined;
}

interface GoingUp {
  rules: Rules;
  found: FoundFlag;
  asked: Asked<'flagTurn'>;
  seen: FlagSeen;
  percent: number;
}

/** What its gates said, or why it stays where it is. A flag of no release has nobody to ask. */
async function mayGoUp(
  ports: Pick<Ports, 'ledger' | 'snapshots' | 'metrics' | 'alerts' | 'clock'>,
  { rules, found: { environment, brought, ref }, asked, seen, percent }: GoingUp,
): Promise<Judgement[] | Answer> {
  const { unconfirmed } = (await readInstallation(ports)).state;
  if (unconfirmed)
    return refusal({
      says: `${ref.key} is not turned up: the record was restored, and nobody has confirmed yet that nothing is missing.`,
      rule: 'recovery.confirmRestore',
      remedy: 'Confirm it on a board first. Down and off are always possible.',
    });
  if (brought === undefined) return [];
  const notOut = await whyNotOut(ports, { brought, key: ref.key });
  if (notOut) return notOut;
  const { state } = await readEnvironment(ports, environment.name);
  const { windows } = rules;
  const { services } = brought.flag;
  const standing = changeStanding(state, { windows, services, now: ports.clock.now() });
  if (standing.kind === 'closed')
    return refusal({
      says: `${ref.key} is not turned up: ${environment.name} is closed (${standing.window}: ${standing.reason}).`,
      rule: 'freeze-window',
      remedy: 'Turn it up when it is open. Down and off are always possible.',
    });
  const stepAt = lastStepAt(state, { brought, seen });
  if (stepAt === undefined) return [];
  const { judgements, pending } = await judgeStep(ports, gates, { state, brought, stepAt });
  const failed = judgements.filter(({ verdict }) => verdict === 'fail');
  const unsure = judgements.filter(({ verdict }) => verdict === 'inconclusive' || verdict === 'error');
  const passes = failed.length === 0 && pending.length === 0 && (unsure.length === 0 || asked.request.anyway);
  if (passes) return judgements;
  const { key } = ref;
  const { revision } = seen;
  return gatesKeepIt({ key, environment: environment.name, percent, failed, unsure, pending, revision });
}

/** Deploying is one thing and releasing another: nobody gets what is not there. */
async function whyNotOut(
  { ledger }: Pick<Ports, 'ledger'>,
  { brought, key }: { brought: BroughtFlag; key: string },
): Promise<Answer | undefined> {
  const release = (await readRelease(ledger, brought.release))?.state;
  if (release?.ended?.outcome === 'released') return undefined;
  const { name } = splitReleaseId(brought.release);
  const says = release?.ended
    ? `${name}, which brought it, ended as ${release.ended.outcome}`
    : `${name}, which brings it, is not out yet`;
  return refusal({
    says: `${key} is not turned up: ${says}.`,
    rule: 'flag-after-release',
    remedy: release?.ended ? 'Cut a release that brings it again.' : 'Turn it up when the release is out.',
  });
}

/** Since when it is at its present step; absent where nobody has it yet, so that gates have nothing to say. */
function lastStepAt(
  state: EnvironmentState,
  { brought, seen }: { brought: BroughtFlag; seen: FlagSeen },
): number | undefined {
  if (shareOf(seen.setting) === 0) return undefined;
  const last = lastDone(state, brought.flag);
  // Turned past this program: nobody knows since when, so gates look at the newest time they can.
  return Date.parse(last?.at ?? brought.at);
}
