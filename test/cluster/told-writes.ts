import type { KubernetesWrite, Receipt } from '../../src/domain/effect.ts';
import type { AuditEvent } from './audit-log.ts';

/** A write as both sides tell of it: the receipt of an effect, and the API server's audit log. */
export type Told = Pick<KubernetesWrite, 'verb' | 'object' | 'subresource' | 'user' | 'groups' | 'status'>;

/** What one user asked of an API server, but reads and questions about rights. `cluster`: its name in receipts. */
export function writesInLog(
  events: readonly AuditEvent[],
  { bot, cluster }: { bot: string; cluster: string },
): Told[] {
  return events
    .filter(({ user, verb }) => user.username === bot && !['get', 'list', 'watch'].includes(verb))
    .filter(({ objectRef }) => objectRef?.resource !== 'selfsubjectaccessreviews')
    .map((event) => inLog(event, cluster));
}

function inLog(
  { verb, objectRef, impersonatedUser, user, responseStatus }: AuditEvent,
  cluster: string,
): Told {
  const { namespace = '', resource = '', name = '', subresource } = objectRef ?? {};
  const groups = impersonatedUser?.groups ?? user.groups;
  return {
    verb,
    object: [cluster, namespace, resource, name].join('/'),
    ...(subresource !== undefined && { subresource }),
    user: impersonatedUser?.username ?? user.username,
    // The API server puts everybody into this one by itself.
    groups: groups.filter((group) => group !== 'system:authenticated'),
    status: responseStatus?.code ?? 0,
  };
}

/** Every write that a receipt tells of. */
export function writesInReceipt({ how, kubernetes, alsoWrote = [] }: Receipt): Told[] {
  const main = how === 'done' && kubernetes !== undefined ? [kubernetes] : [];
  return [...alsoWrote, ...main].map(({ resourceVersion: _, ...told }) => told);
}

/** A line each, in an order that both sides have. */
export function spelled(writes: readonly Told[]): string[] {
  return writes
    .map(({ verb, object, subresource = '', user, groups, status }) =>
      [verb, object, subresource, user, groups.join(','), status].join(' '),
    )
    .sort();
}
