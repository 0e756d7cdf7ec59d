import { createHmac, randomUUID } from 'node:crypto';
import type { Answer } from './api.ts';
import type { Journey } from './world.ts';

export const WEBHOOK_SECRET = 'the-secret-of-the-webhook';

/** A delivery of GitHub's webhook. */
export interface Delivery {
  event: string;
  payload: unknown;
  /** Absent: a new one. */
  delivery?: string;
  secret?: string;
}

/** Delivers as GitHub does. Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads#delivery-headers */
export async function deliver(
  { world }: Pick<Journey, 'world'>,
  { event, payload, delivery = randomUUID(), secret = WEBHOOK_SECRET }: Delivery,
): Promise<Answer> {
  const body = JSON.stringify(payload);
  const response = await fetch(`${world.bot().pagesUrl}/api/github`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'GitHub-Hookshot/044aadd',
      'x-github-event': event,
      'x-github-delivery': delivery,
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    },
  });
  return { status: response.status, headers: response.headers, json: await response.json() };
}

/** What may be different in a comment. */
export interface Commented {
  login: string;
  body: string;
  repository?: string;
  action?: string;
  type?: string;
  isIssue?: boolean;
  createdAt?: string;
}

/** A comment on pull request 7, as far as GitHub documents it and anybody reads it. */
export function comment(of: Commented): { event: string; payload: unknown } {
  const { login, body, repository = 'acme/gitops', action = 'created', type = 'User' } = of;
  const payload = {
    action,
    issue: {
      number: 7,
      title: 'Raise limits',
      state: 'open',
      ...(of.isIssue ? {} : { pull_request: { url: `https://api.github.com/repos/${repository}/pulls/7` } }),
    },
    comment: {
      id: 99,
      body,
      created_at: of.createdAt ?? new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
      author_association: 'MEMBER',
      user: { login, id: 1, type },
    },
    repository: { id: 1, full_name: repository, private: true },
    sender: { login, id: 1, type },
  };
  return { event: 'issue_comment', payload };
}

/** A tag that was pushed to the shop's source. */
export function tagPush(tag: string, login: string): { event: string; payload: unknown } {
  const payload = {
    ref: `refs/tags/${tag}`,
    before: '0'.repeat(40),
    after: 'a'.repeat(40),
    created: true,
    deleted: false,
    forced: false,
    base_ref: 'refs/heads/main',
    commits: [],
    head_commit: { id: 'a'.repeat(40), timestamp: '2026-11-20T10:00:00Z' },
    repository: { id: 2, full_name: 'acme/source', pushed_at: Math.floor(Date.now() / 1000) },
    pusher: { name: login },
    sender: { login, id: 1, type: 'User' },
  };
  return { event: 'push', payload };
}
