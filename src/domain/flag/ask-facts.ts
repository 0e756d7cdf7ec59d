import type { EnvironmentFactBody } from '../ledger/fact.ts';
import { type Effects, type FlagAsked, type FlagsState, openChangesOf } from './flag-change.ts';

/** The facts that ask for a change of a flag: it takes the place of those of the same flag that are still to be done. */
export function askFacts(
  state: { flags: FlagsState; effects: Effects },
  asked: FlagAsked,
): EnvironmentFactBody[] {
  const overtaken = openChangesOf(state, asked.ref).map(
    ({ change }): EnvironmentFactBody => ({ kind: 'flag.overtaken', data: { change, by: asked.change } }),
  );
  return [...overtaken, { kind: 'flag.asked', data: asked }];
}
