import type { Played } from '../world/play.ts';
import { approvalsAreOthers } from './approvals.ts';
import { boardsTellTheEnd, nothingIsClaimedBeforeItIsSo, nothingIsToldWithoutAFact } from './claims.ts';
import { effectsAreIntended, effectsHappenOnce, everyIntentIsSettled } from './effects.ts';
import { environmentsEndOnTrustedContent, everyReleaseEnds } from './endings.ts';
import type { Law } from './law.ts';
import { nothingMovesBeforeItsMigrations } from './migrations.ts';
import { nothingBreaks, recordIsWhole } from './record.ts';
import { acceptedIsCarriedOut, oneActIsDoneOnce, onlyThoseWhoMay, refusalsNameARule } from './requests.ts';
import { nothingUnderAnOldEpoch, recoveryHasTheLastWord, trackIsHeldByOne } from './tracks.ts';

/** Everything that must hold, whatever happens. */
export const LAWS: readonly Law[] = [
  nothingBreaks,
  acceptedIsCarriedOut,
  oneActIsDoneOnce,
  onlyThoseWhoMay,
  refusalsNameARule,
  approvalsAreOthers,
  trackIsHeldByOne,
  nothingUnderAnOldEpoch,
  recoveryHasTheLastWord,
  effectsAreIntended,
  effectsHappenOnce,
  everyIntentIsSettled,
  nothingIsClaimedBeforeItIsSo,
  nothingIsToldWithoutAFact,
  everyReleaseEnds,
  environmentsEndOnTrustedContent,
  boardsTellTheEnd,
  nothingMovesBeforeItsMigrations,
  recordIsWhole,
];

/** A law that did not hold. */
export interface Breach {
  law: string;
  says: string;
}

/** Every breach of every law in a world. */
export function breachesIn(played: Played): Breach[] {
  return LAWS.flatMap((law) => law.breaches(played).map((says) => ({ law: law.name, says })));
}
