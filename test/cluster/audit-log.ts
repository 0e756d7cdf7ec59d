import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const User = z.object({ username: z.string(), groups: z.array(z.string()).default([]) });

/** One line of the API server's audit log: https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/. */
export const AuditEvent = z.object({
  auditID: z.string(),
  /** `ResponseStarted` only for watches, `ResponseComplete` for every request that ended. */
  stage: z.enum(['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic']),
  verb: z.string(),
  requestURI: z.string(),
  /** Whose token it was. */
  user: User,
  /** As whom it was done; absent: as the owner of the token. */
  impersonatedUser: User.optional(),
  userAgent: z.string().optional(),
  /** Absent for what is not about an object, such as discovery. */
  objectRef: z
    .object({
      apiGroup: z.string().default(''),
      resource: z.string().optional(),
      subresource: z.string().optional(),
      namespace: z.string().optional(),
      name: z.string().optional(),
    })
    .optional(),
  responseStatus: z.object({ code: z.int().optional(), reason: z.string().optional() }).optional(),
  /** What was sent. Absent for reads, and for everything about Secrets and tokens. */
  requestObject: z.unknown().optional(),
  /** RFC 3339, with microseconds. */
  requestReceivedTimestamp: z.string(),
  /** The same, of the stage that the line is about: for `ResponseComplete` when it was answered. */
  stageTimestamp: z.string(),
});
export type AuditEvent = z.infer<typeof AuditEvent>;

/** Group of the control plane's own programs, which the audit log leaves out. */
export const COMPONENTS_GROUP = 'signalbox.test:components';

/**
 * What the API server logs: everything that anybody but the control plane's own programs does, with what was sent.
 * Secrets and tokens are named, never shown.
 */
export const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [
    { level: 'None', userGroups: [COMPONENTS_GROUP] },
    { level: 'None', users: ['system:apiserver'] },
    { level: 'None', nonResourceURLs: ['/readyz*', '/livez*', '/healthz*', '/version'] },
    {
      level: 'Metadata',
      resources: [
        { group: '', resources: ['secrets', 'serviceaccounts/token'] },
        { group: 'authentication.k8s.io', resources: ['*'] },
      ],
    },
    { level: 'Request' },
  ],
};

/** Everything in an audit log so far, in the order in which it was written. A line that is being written is left for the next time. */
export async function readAuditLog(file: string): Promise<AuditEvent[]> {
  const text = await readFile(file, 'utf8');
  const complete = text.slice(0, text.lastIndexOf('\n') + 1);
  return complete
    .split('\n')
    .filter(Boolean)
    .map((line) => AuditEvent.parse(JSON.parse(line)));
}
