import { ApplicationObject } from '../../domain/rollout/objects/application-object.ts';
import type { ReflectorHealth } from './reflector.ts';
import { APPLICATIONS } from './resources.ts';
import { doubt, startWatch, type WatchContext } from './watch-context.ts';

/** What we know of an Application of Argo CD. */
export type ApplicationSeen = Pick<ApplicationObject, 'sync' | 'health' | 'revision' | 'message'>;

/** The Applications of one namespace of Argo CD, kept up to date. */
export interface ApplicationWatch extends AsyncDisposable {
  find(name: string): ApplicationSeen;
  health(): ReflectorHealth[];
  renew(): void;
}

/** Starts watching. `onChanged` is called with the name of each Application that changed, and with nothing once all are known. */
export function watchApplications(
  context: WatchContext,
  { namespace, onChanged }: { namespace: string; onChanged: (name?: string) => void },
): ApplicationWatch {
  const known = new Map<string, ApplicationObject>();
  const reflector = startWatch(context, {
    kind: APPLICATIONS,
    namespace,
    schema: ApplicationObject,
    onChange: ({ key, after }) => {
      const name = key.slice(key.indexOf('/') + 1);
      if (after === undefined) known.delete(name);
      else known.set(name, after);
      onChanged(name);
    },
    onListed: () => onChanged(),
  });
  return {
    find: (name) => {
      const reason = doubt(reflector.health());
      if (reason !== undefined) return unseenApplication('Unknown', reason);
      return known.get(name) ?? unseenApplication('Missing', `there is no Application ${namespace}/${name}`);
    },
    health: () => [reflector.health()],
    renew: () => reflector.renew(),
    [Symbol.asyncDispose]: () => reflector[Symbol.asyncDispose](),
  };
}

/**
 * An Application that cannot be seen, in Argo CD's own words, so that nobody takes its absence for agreement. It does not
 * make the Rollout unknown: a rollback goes on without Argo CD.
 */
export function unseenApplication(health: 'Unknown' | 'Missing', message: string): ApplicationSeen {
  return { sync: 'Unknown', health, revision: '', message };
}
