import { closeSync, openSync, readSync } from 'node:fs';
import { requestInfo } from '../../../src/sandbox/cluster/api/request-info.ts';
import type { SeenRequest } from '../../../src/sandbox/sandbox-cluster.ts';
import { AuditEvent } from '../audit-log.ts';

/** HTTP methods of the API's verbs; what is not here reads. */
const METHODS: Readonly<Record<string, string>> = {
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  deletecollection: 'DELETE',
};

/**
 * What an audit log tells of requests, up to now with every call. The API server writes a line before it sends the answer, so
 * whoever has seen an effect finds its request here.
 */
export function seenRequests(auditLogFile: string): () => readonly SeenRequest[] {
  const requests: SeenRequest[] = [];
  const file = followLines(auditLogFile);
  return () => {
    for (const line of file()) requests.push(seenRequest(AuditEvent.parse(JSON.parse(line))));
    return requests;
  };
}

function seenRequest(event: AuditEvent): SeenRequest {
  const method = METHODS[event.verb] ?? 'GET';
  const { plural, namespace, name, subresource } = requestInfo(
    method,
    new URL(event.requestURI, 'https://cluster.invalid'),
  );
  const { impersonatedUser: acting, responseStatus } = event;
  return {
    at: Date.parse(event.requestReceivedTimestamp),
    method,
    verb: event.verb,
    plural,
    namespace,
    name,
    subresource,
    body: event.requestObject,
    user: event.user.username,
    groups: event.user.groups,
    ...(acting && { impersonated: { user: acting.username, groups: acting.groups } }),
    ...(responseStatus?.code !== undefined && { code: responseStatus.code }),
  };
}

/** The lines that were added to a file since the last call. One that is being written is left for the next. */
function followLines(file: string): () => string[] {
  let offset = 0;
  let rest = '';
  const decoder = new TextDecoder();
  const chunk = Buffer.alloc(1 << 16);
  return () => {
    const opened = openSync(file, 'r');
    try {
      for (;;) {
        const read = readSync(opened, chunk, 0, chunk.length, offset);
        if (read === 0) break;
        offset += read;
        rest += decoder.decode(chunk.subarray(0, read), { stream: true });
      }
    } finally {
      closeSync(opened);
    }
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    return lines.filter(Boolean);
  };
}
