import { splitReleaseId } from '../domain/ids.ts';
import type { HoldReason } from '../domain/ledger/release-facts.ts';
import type { Wait } from '../domain/release/look.ts';
import { code, type Mrkdwn, mrkdwn, when } from '../domain/text/mrkdwn.ts';
import { list, progressBar, shorten } from './words.ts';

/** What is waited for, in words that end with who or what can change it. */
export function waitWords(wait: Wait): Mrkdwn {
  switch (wait.kind) {
    case 'restoreConfirmation':
      return mrkdwn`the store was restored from Git; a release manager confirms that nothing is missing`;
    case 'approval':
      return mrkdwn`approval, until ${when(wait.until)}`;
    case 'adoption':
      return mrkdwn`${wait.author ?? 'somebody'} pushed to this release's branch; its approvals are void until a person adopts the change`;
    case 'preflight':
      return mrkdwn`its preflight: ${wait.says} (${list(wait.rules)}); mend it and run the preflight again`;
    case 'window':
      return wait.until === undefined
        ? mrkdwn`an end of ${wait.window}: ${wait.reason} (until somebody lifts it)`
        : mrkdwn`an end of ${wait.window}: ${wait.reason} (until ${when(wait.until, 'date')})`;
    case 'checklist':
      return mrkdwn`its checklist: ${wait.says} (${list(wait.items.slice(0, 4))})`;
    case 'track':
      return mrkdwn`${shortRelease(wait.holder)}: both touch ${wait.service}`;
    case 'merge':
      return mrkdwn`a merge in ${wait.repository}: ${wait.says}`;
    case 'sync':
      return mrkdwn`${wait.service}: ${wait.says}`;
    case 'rollout':
      return mrkdwn`${wait.service}: ${wait.says}`;
    case 'pause':
      return mrkdwn`${wait.service}: its pause ends ${when(wait.until, 'seconds')}`;
    case 'gate':
      return wait.until === undefined
        ? mrkdwn`gate ${wait.gate} of ${wait.service}`
        : mrkdwn`gate ${wait.gate} of ${wait.service}, next look ${when(wait.until, 'seconds')}`;
    case 'person':
      return wait.moment.step === 'postDeploy'
        ? mrkdwn`a person: ${wait.service} is ${wait.why}`
        : mrkdwn`a person: ${wait.service} stands still, ${wait.why}`;
    case 'migration':
      return mrkdwn`migration ${code(wait.migration)}, ${migrationWait(wait)}`;
    case 'cluster':
      return mrkdwn`the cluster (${wait.placement}): ${wait.says}`;
    case 'held':
      return wait.until === undefined
        ? mrkdwn`a person: ${holdWords(wait.reason)}`
        : mrkdwn`a person: ${holdWords(wait.reason)}; it goes back by itself ${when(wait.until, 'seconds')}`;
    case 'recovery':
      return mrkdwn`rollback ${shortRelease(wait.by)}`;
    case 'observing':
      return mrkdwn`somebody who takes mode: observe out of signalbox.yaml: ${wait.environment} is only observed, and nothing is written there`;
    case 'effect':
      return mrkdwn`${wait.says}; tried again ${when(wait.until, 'seconds')}`;
  }
}

/** How far a migration is, without its name: `▓▓▓░░░░░ 38 % migrating; until 14:05`. */
export function migrationWait({ says, percent, until }: Extract<Wait, { kind: 'migration' }>): Mrkdwn {
  const far = percent === undefined ? '' : `${progressBar(percent)} `;
  const end = until === undefined ? mrkdwn`` : mrkdwn`; until ${when(until)}`;
  return mrkdwn`${far}${shorten(says, 300)}${end}`;
}

/** Why a release rests, in one line. */
export function holdWords(reason: HoldReason): string {
  switch (reason.kind) {
    case 'gateFailed':
      return `gate failed: ${reason.says}`;
    case 'gateUnclear':
      return `gate is unclear: ${reason.says}`;
    case 'analysisInconclusive':
      return `the analysis of ${reason.service} could not tell: ${reason.says}`;
    case 'pushRejected':
      return `${reason.repository} refused the push: ${reason.says}`;
    case 'effectRefused':
      return `refused: ${reason.says}`;
    case 'migration':
      return `migration ${reason.migration}: ${reason.says}`;
    case 'person':
      return reason.says;
  }
}

/** `prod .3` for `prod/checkout-2026-11-20.3` would hide the train, so the name without its environment. */
export function shortRelease(id: string): string {
  return splitReleaseId(id as `${string}/${string}`).name;
}
