import type { Actor } from '../../domain/actor.ts';
import { OPERATORS, POLICIES } from '../../domain/rbac/identities.ts';
import { TerminalError } from '../../errors.ts';

/** Who the API server takes a request for. */
export interface Identity {
  user: string;
  groups: string[];
}

/**
 * The one spelling of each actor at an API server.
 * @throws TerminalError for the program itself, which never writes to a cluster.
 */
export function identityOf(actor: Actor): Identity {
  switch (actor.kind) {
    case 'person':
      return { user: actor.id, groups: [OPERATORS] };
    case 'policy':
      return { user: actor.id, groups: [POLICIES] };
    case 'recovery':
      return { user: actor.id, groups: [] };
    case 'reporter':
    case 'system':
      throw new TerminalError('the program itself never writes to a cluster: name a person or a policy');
  }
}

/** The headers of a request in somebody's name: the only place that writes them. Each group is a header of its own. */
export function impersonationHeaders({ user, groups }: Identity): Record<string, string | string[]> {
  return { 'Impersonate-User': user, ...(groups.length > 0 && { 'Impersonate-Group': groups }) };
}
