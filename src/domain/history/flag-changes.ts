import type { EnvironmentState } from '../environment/environment-state.ts';
import { flagEffectId } from '../flag/flag-change.ts';
import { settingWords, wantedWords } from '../flag/flag-setting.ts';
import type { ServiceName } from '../ids.ts';
import type { ServiceChange } from './service-changes.ts';

/** What was done with flags that a service reads, oldest first: turned, refused, or still to be done. */
export function flagChangesOf(
  { name, flags, effects }: Pick<EnvironmentState, 'name' | 'flags' | 'effects'>,
  service: ServiceName,
): ServiceChange[] {
  return flags.changes
    .filter(({ services, overtakenBy }) => services.includes(service) && overtakenBy === undefined)
    .map(({ change, ref, at, by, wanted, urgent, release, rollback }) => {
      const status = effects[flagEffectId(change)]?.status;
      const done = status?.kind === 'done' ? status.receipt.flag : undefined;
      const hurry = urgent ? ', urgently' : '';
      const says = done
        ? `flag ${ref.key}: ${settingWords(done.before)} → ${settingWords(done.after)}${hurry}`
        : status?.kind === 'refused'
          ? `flag ${ref.key} was not turned: ${status.says}`
          : `flag ${ref.key} is to be ${wantedWords(wanted)}${hurry}`;
      const of = rollback ?? release;
      return {
        at: status?.kind === 'done' ? status.receipt.at : at,
        environment: name,
        ...(of && { release: of }),
        who: by,
        says,
        byHand: false,
      };
    });
}
