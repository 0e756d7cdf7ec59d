import { z } from 'zod';

/** A login of GitHub; apps have theirs in brackets. */
const Login = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_[\]-]{0,99}$/);

const Repository = z.looseObject({ full_name: z.string().max(200) });

/** Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads#issue_comment */
const IssueComment = z.looseObject({
  action: z.string(),
  issue: z.looseObject({ number: z.int().positive(), pull_request: z.looseObject({}).nullish() }),
  comment: z.looseObject({
    id: z.int(),
    body: z.string(),
    created_at: z.iso.datetime({ offset: true }),
    user: z.looseObject({ login: Login, type: z.string() }),
  }),
  repository: Repository,
});

/** Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads#push. `pushed_at` is in seconds there, and a date elsewhere. */
const Push = z.looseObject({
  ref: z.string().max(500),
  created: z.boolean(),
  deleted: z.boolean(),
  repository: Repository.extend({
    pushed_at: z.union([z.number().transform((seconds) => seconds * 1000), z.string().transform(Date.parse)]),
  }),
  sender: z.looseObject({ login: Login }),
});

/** What a delivery says, as far as it concerns us. */
export type Hook =
  | {
      kind: 'comment';
      repository: string;
      issue: number;
      id: number;
      login: string;
      text: string;
      at: number;
    }
  | { kind: 'tag'; repository: string; tag: string; login: string; at: number }
  /** Nothing to do; `why` is for whoever looks at GitHub's list of deliveries. */
  | { kind: 'ignored'; why: string }
  | { kind: 'unreadable'; says: string };

/** Reads a delivery whose signature was right. */
export function readHook(event: string, payload: unknown): Hook {
  switch (event) {
    case 'ping':
      return { kind: 'ignored', why: 'the webhook works' };
    case 'issue_comment':
      return readComment(payload);
    case 'push':
      return readPush(payload);
    default:
      return { kind: 'ignored', why: `nothing follows from ${event.slice(0, 50)}` };
  }
}

function readComment(payload: unknown): Hook {
  const read = IssueComment.safeParse(payload);
  if (!read.success) return unreadable('issue_comment', read.error);
  const { action, issue, comment, repository } = read.data;
  if (action !== 'created') return { kind: 'ignored', why: 'only new comments are read' };
  if (!issue.pull_request) return { kind: 'ignored', why: 'only comments on pull requests are read' };
  if (comment.user.type !== 'User') return { kind: 'ignored', why: 'programs are not listened to' };
  return {
    kind: 'comment',
    repository: repository.full_name,
    issue: issue.number,
    id: comment.id,
    login: comment.user.login,
    text: comment.body,
    at: Date.parse(comment.created_at),
  };
}

const TAGS = 'refs/tags/';

function readPush(payload: unknown): Hook {
  const read = Push.safeParse(payload);
  if (!read.success) return unreadable('push', read.error);
  const { ref, created, deleted, repository, sender } = read.data;
  if (!ref.startsWith(TAGS)) return { kind: 'ignored', why: 'only tags are read' };
  // A tag that was moved names what it named before: it was cut then.
  if (!created || deleted) return { kind: 'ignored', why: 'only new tags are read' };
  const tag = ref.slice(TAGS.length);
  if (!/^[\w./+-]{1,255}$/.test(tag))
    return { kind: 'ignored', why: 'the tag has other characters than a release' };
  return {
    kind: 'tag',
    repository: repository.full_name,
    tag,
    login: sender.login,
    at: repository.pushed_at,
  };
}

function unreadable(event: string, error: z.ZodError): Hook {
  const places = error.issues.slice(0, 5).map(({ path }) => path.map(String).join('.'));
  return {
    kind: 'unreadable',
    says: `This is no ${event} as GitHub documents it: look at ${places.join(', ')}.`,
  };
}
