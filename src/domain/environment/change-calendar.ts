import { type ChangeWindow, type WindowStanding, windowStanding } from '../calendar/windows.ts';
import type { ServiceName } from '../ids.ts';
import type { EnvironmentState } from './environment-state.ts';
import { activeFreezes, windowOfFreeze } from './freeze.ts';

/** Whether a release of these services may begin: by the windows of the configuration, and by what people froze. */
export function changeStanding(
  { name, freezes }: Pick<EnvironmentState, 'name' | 'freezes'>,
  {
    windows,
    services,
    now,
  }: { windows: readonly ChangeWindow[]; services: readonly ServiceName[]; now: number },
): WindowStanding {
  const frozen = activeFreezes(freezes, now).map((freeze) => windowOfFreeze(name, freeze));
  return windowStanding([...frozen, ...windows], { environment: name, services, now });
}
