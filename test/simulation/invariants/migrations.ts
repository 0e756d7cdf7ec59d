import { entriesOf } from '../world/history.ts';
import type { Law } from './law.ts';
import { toldReleases } from './releases.ts';

export const nothingMovesBeforeItsMigrations: Law = {
  name: 'nothing of a release is committed before its database has what its code needs',
  breaches({ history, databases }) {
    const releases = toldReleases(history);
    return entriesOf(history, 'commit').flatMap(({ at, operation = '' }) => {
      const [id = '', act = ''] = operation.split('#');
      const told = releases.get(id);
      if (told === undefined || !act.startsWith('wave-')) return [];
      const missing = (told.plan.migrations ?? []).filter(
        ({ phase, target = '' }) => phase === 'expand' && !databases.had(told.environment, target, at),
      );
      return missing.map(({ name }) => `${id} committed ${act} without ${name}`);
    });
  },
};
