import type { Action, EnvironmentRules, Rules } from './rules.ts';

export type Authorised =
  | { kind: 'allowed' }
  /** `roles`: whose members may. Empty when the configuration lets nobody. */
  | { kind: 'refused'; rule: string; says: string; roles: string[]; remedy?: string };

/** Words for what a person wanted, as they end the sentence "You can't …". */
const DEED: Record<Action, string> = {
  cut: 'cut a release for',
  approve: 'approve a release for',
  promote: 'promote to',
  resume: 'let a release go on in',
  abort: 'abort a release in',
  rollback: 'roll back',
};

/**
 * Whether somebody with these roles may do this here. Recovery asks for no more than a promotion does: whoever may promote to an
 * environment may also take it back. Where an environment is only observed, nobody may do anything.
 */
export function authorise(roles: ReadonlySet<string>, action: Action, rules: EnvironmentRules): Authorised {
  if (rules.observeOnly) return onlyObserved(rules.name);
  const recovery = action === 'rollback' || action === 'abort';
  const wanted = recovery ? [...new Set([...rules.may[action], ...rules.may.promote])] : rules.may[action];
  return oneOf(roles, wanted, {
    rule: `environments.${rules.name}.may.${action}`,
    deed: `${DEED[action]} ${rules.name}`,
  });
}

/** Nobody may, whoever they are: where only is looked, nothing is written. */
function onlyObserved(environment: string): Authorised {
  return {
    kind: 'refused',
    rule: 'observe-only',
    says: `${environment} is only observed: nothing is written there.`,
    roles: [],
    remedy: observeRemedy(environment),
  };
}

/** What to change so that an environment is acted on. */
export function observeRemedy(environment: string): string {
  return `To act on it, take mode: observe out of signalbox.yaml (at its top, and at ${environment}), apply the rights that signalbox rbac then prints, and start Signalbox again.`;
}

/** Whether somebody with these roles may say that a restored record misses nothing, so that forward work goes on. */
export function mayConfirmRestore(
  roles: ReadonlySet<string>,
  { confirmRestore }: Pick<Rules, 'confirmRestore'>,
): Authorised {
  return oneOf(roles, confirmRestore, {
    rule: 'recovery.confirmRestore',
    deed: 'confirm the restored record',
  });
}

function oneOf(
  roles: ReadonlySet<string>,
  wanted: readonly string[],
  { rule, deed }: { rule: string; deed: string },
): Authorised {
  if (wanted.some((role) => roles.has(role))) return { kind: 'allowed' };
  const who = wanted.length === 0 ? 'nobody may, by the configuration' : `that needs ${wanted.join(' or ')}`;
  return { kind: 'refused', rule, says: `You can't ${deed}: ${who}.`, roles: [...wanted] };
}
