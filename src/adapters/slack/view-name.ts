import { createHash } from 'node:crypto';

/** Names of views we give begin so; Slack's own ids begin with V (https://docs.slack.dev/reference/views). */
const OURS = 'sb-';

/**
 * The name of the modal that waits for the answer to a request. It follows from the request, so the request can be written down
 * while the modal is still being opened, and a request that comes again opens no second one.
 */
export function viewNameOf(requestId: string): string {
  return OURS + createHash('sha256').update(requestId).digest('hex').slice(0, 32);
}

/** How `views.update` is told which view is meant, whether the name is ours or Slack's. */
export function viewName(name: string): {
  externalId?: string;
  update: { external_id: string } | { view_id: string };
} {
  return name.startsWith(OURS)
    ? { externalId: name, update: { external_id: name } }
    : { update: { view_id: name } };
}
