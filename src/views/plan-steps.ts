import type { ServiceName } from '../domain/ids.ts';
import type { Plan } from '../domain/plan/plan.ts';
import { type Mrkdwn, mrkdwn } from '../domain/text/mrkdwn.ts';
import { count, list } from './words.ts';

/** Waves shown one by one; more are counted. */
const MOST_WAVES = 6;

/** What is done in which order, and what has to be seen before the next step: documented before anybody says yes. */
export function planSteps({ services, waves }: Pick<Plan, 'services' | 'waves'>): Mrkdwn[] {
  const before = gatesOf(services, Object.keys(services), 'preflight');
  const shown = waves.slice(0, MOST_WAVES).map((wave, index) => {
    const who = wave.length > 4 ? count(wave.length, 'service') : list(wave);
    return mrkdwn`${index + 1}. ${who}: ${signals(services, wave).join(' → ')}`;
  });
  const more = waves.length - MOST_WAVES;
  return [
    ...(before.length > 0 ? [mrkdwn`0. Before it starts: ${list(before)}`] : []),
    ...shown,
    ...(more > 0 ? [mrkdwn`_and ${count(more, 'more wave')}_`] : []),
  ];
}

/** The signal that ends each step of a wave. */
function signals(services: Plan['services'], wave: readonly ServiceName[]): string[] {
  const pauses = [...gatesOf(services, wave, 'canary'), ...gatesOf(services, wave, 'step')];
  const after = gatesOf(services, wave, 'postDeploy');
  return [
    'the commit is synced',
    pauses.length > 0 ? `${list(pauses)} at the pauses` : 'a person at each pause without an end',
    'ready pods run the digests',
    ...(after.length > 0 ? [`${list(after)} afterwards`] : []),
  ];
}

/** Names of the gates that decide, each once. */
function gatesOf(
  services: Plan['services'],
  names: readonly ServiceName[],
  phase: Plan['services'][string]['gates'][number]['phase'],
): string[] {
  const gates = names.flatMap((name) => services[name]?.gates ?? []);
  return [...new Set(gates.filter((gate) => gate.phase === phase && gate.required).map(({ name }) => name))];
}
