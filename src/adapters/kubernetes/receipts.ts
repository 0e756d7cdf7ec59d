import type { Receipt } from '../../domain/effect.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ClusterDone } from '../../ports/cluster.ts';
import type { Identity } from './identity.ts';
import type { Patched, PatchTarget } from './patch-object.ts';

/** Somebody wrote at the same moment: not an end, but a reason to look and decide again. */
export type Conflict = Extract<Patched, { kind: 'conflict' }>;

type KubernetesReceipt = NonNullable<Receipt['kubernetes']>;

/** Whom the record of a mere read names: nobody was impersonated. */
const ITSELF: Identity = { user: 'signalbox', groups: [] };

/** Status of a request that was not sent, because this program itself refused it. */
const NOT_SENT = 0;

/** How acts on one object end, each with what the server answered and as whom it was asked. */
export function recorder({ cluster, clock }: { cluster: string; clock: Clock }, target: PatchTarget) {
  const object = `${cluster}/${target.namespace}/${target.kind.plural}/${target.name}`;
  const receipt = (
    how: Receipt['how'],
    verb: string,
    { user, groups }: Identity,
    more: Partial<KubernetesReceipt>,
  ) => ({
    at: new Date(clock.now()).toISOString(),
    how,
    kubernetes: { verb, object, user, groups, status: 200, ...more },
  });
  return {
    /** The object already is as asked. */
    found: (resourceVersion: string): ClusterDone => ({
      kind: 'found',
      receipt: receipt('found', 'get', ITSELF, { resourceVersion }),
    }),
    missing: (): ClusterDone => ({ kind: 'missing', reason: `there is no ${object}` }),
    /** Refused by this program's own rule, without asking the server. */
    forbiddenHere: (as: Identity, reason: string): ClusterDone => ({
      kind: 'forbidden',
      reason,
      receipt: receipt('done', 'patch', as, { status: NOT_SENT }),
    }),
    /** What became of a patch. */
    patched: (answer: Patched, as: Identity): ClusterDone | Conflict => {
      switch (answer.kind) {
        case 'applied': {
          const { kind: _, ...more } = answer;
          return { kind: 'done', receipt: receipt('done', 'patch', as, more) };
        }
        case 'forbidden':
          return {
            kind: 'forbidden',
            reason: answer.reason,
            receipt: receipt('done', 'patch', as, { status: answer.status }),
          };
        default:
          return answer;
      }
    },
  };
}
