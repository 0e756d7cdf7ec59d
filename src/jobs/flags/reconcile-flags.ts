import { type Actor, policyOf } from '../../domain/actor.ts';
import type { Intent } from '../../domain/effect.ts';
import { type FlagChange, flagEffectId, isOpenChange } from '../../domain/flag/flag-change.ts';
import { type EnvironmentName, PersonId } from '../../domain/ids.ts';
import { environmentRules, type Rules } from '../../domain/rules.ts';
import type { Ports } from '../../ports/ports.ts';
import { performInEnvironment } from '../perform.ts';
import { readEnvironment } from '../read-state.ts';
import { speakOfFlags, type TellPorts } from './speak-of-flags.ts';

export type FlagPorts = TellPorts & Pick<Ports, 'ledger' | 'snapshots' | 'flags' | 'clock' | 'bells'>;

/** Changes carried out in one look before others get their chance. */
const MOST = 100;

/** Sooner nobody who was away is asked again. */
const RETRY_MS = 5_000;

/**
 * Sets the flags of an environment that are to be set, in the order they were asked for, and tells of them. What cannot be asked
 * now is said, and tried again; it keeps no other flag back. Called for any reason at all, any number of times.
 */
export async function reconcileFlags(ports: FlagPorts, rules: Rules, name: EnvironmentName): Promise<void> {
  const environment = environmentRules(rules, name);
  if (environment === undefined) return;
  /** Changes that could not be carried out in this look, and why. */
  const away = new Map<string, string>();
  let retryAfterMs = Number.POSITIVE_INFINITY;
  for (let done = 0; done < MOST; done++) {
    const reading = await readEnvironment(ports, name);
    const { flags, effects } = reading.state;
    const change = flags.changes.find((each) => isOpenChange(each, effects) && !away.has(each.change));
    if (change === undefined) break;
    const performed = await performInEnvironment(ports, {
      environment: reading,
      intent: intentOf(change, name),
      note: noteOf(change, name),
    });
    if (performed.kind === 'later') {
      away.set(change.change, performed.says);
      retryAfterMs = Math.min(retryAfterMs, Math.max(performed.retryAfterMs, RETRY_MS));
    }
    for (const release of new Set([change.rollback, change.release]))
      if (release) await ports.bells.ring({ kind: 'speak', subject: release });
  }
  if (Number.isFinite(retryAfterMs))
    await ports.bells.ring({ kind: 'flags', environment: name }, { delayMs: retryAfterMs });
  await speakOfFlags(ports, environment, away);
}

/** Rings for every environment with something left to do, so that a lost ring costs a little time and nothing else. */
export async function ringForFlags(
  ports: Pick<Ports, 'ledger' | 'snapshots' | 'bells'>,
  { environments }: Pick<Rules, 'environments'>,
): Promise<void> {
  for (const { name } of environments) {
    const { flags, effects } = (await readEnvironment(ports, name)).state;
    const isLeft = flags.changes.some(
      (change) =>
        isOpenChange(change, effects) ||
        effects[`say/${flagEffectId(change.change)}`]?.status.kind !== 'done',
    );
    if (isLeft) await ports.bells.ring({ kind: 'flags', environment: name });
  }
}

function intentOf({ change, ref, wanted, seen, by }: FlagChange, environment: EnvironmentName): Intent {
  const person = PersonId.safeParse(by);
  const onBehalfOf: Actor = person.success
    ? { kind: 'person', id: person.data, via: 'slack' }
    : policyOf(environment);
  return {
    id: flagEffectId(change),
    onBehalfOf,
    effect: { kind: 'flag.set', ref, to: wanted, ...(seen && { expects: seen.revision }) },
  };
}

/** What the provider's own record says: the release, so that a flip is tagged there too. */
function noteOf({ why, release, rollback, by }: FlagChange, environment: EnvironmentName): string {
  const of = rollback ?? release;
  return `Signalbox ${environment} ${why}${of ? ` ${of}` : ''} by ${by}`;
}
