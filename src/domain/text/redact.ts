/** What is put in the place of a secret. */
export const REDACTED = '[redacted]';

/** A pattern of secrets; `keep` is what of a match stays, such as the header's name. */
interface Pattern {
  what: string;
  matches: RegExp;
  keep?: (match: string, ...groups: string[]) => string;
}

/**
 * Secrets by the form their makers gave them. Sources: Slack token types (https://docs.slack.dev/authentication/tokens),
 * GitHub token prefixes (https://github.blog/engineering/behind-githubs-new-authentication-token-formats/), AWS unique id
 * prefixes (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html), RFC 7519, RFC 7468, RFC 7235, RFC 3986.
 */
const PATTERNS: readonly Pattern[] = [
  // A key cut off before its end is a key all the same: without an END line, everything that follows goes.
  {
    what: 'PEM block',
    matches: /-----BEGIN [A-Z0-9 ]{1,64}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,64}-----|$)/g,
  },
  {
    what: 'Authorization value',
    matches: /\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?)(?:[a-z0-9_-]{2,20} +)?[^\s"',;]+/gi,
    keep: (_match, name) => `${name}${REDACTED}`,
  },
  {
    what: 'bearer token',
    matches: /\b(bearer +)[a-z0-9._~+/-]{8,}=*/gi,
    keep: (_match, name) => `${name}${REDACTED}`,
  },
  // The userinfo may itself hold an @ that should have been escaped: everything to the last one before the path.
  {
    what: 'userinfo of a URL',
    matches: /\b([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#"'<>]*@/gi,
    keep: (_match, scheme) => `${scheme}${REDACTED}@`,
  },
  { what: 'Slack token', matches: /xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]+/g },
  { what: 'Slack app token', matches: /xapp-[A-Za-z0-9-]+/g },
  {
    what: 'Slack hook',
    matches: /(hooks\.slack\.com\/)[A-Za-z0-9/_-]+/g,
    keep: (_match, host) => `${host}${REDACTED}`,
  },
  { what: 'GitHub token', matches: /gh[pousr]_[A-Za-z0-9]{10,}/g },
  { what: 'GitHub fine-grained token', matches: /github_pat_[A-Za-z0-9_]{10,}/g },
  { what: 'token of ours', matches: /signalbox_[0-9a-f]{16}_[A-Za-z0-9_-]{10,}/g },
  { what: 'GitLab token', matches: /glpat-[A-Za-z0-9_-]{10,}/g },
  { what: 'JSON Web Token', matches: /eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*)*/g },
  { what: 'AWS key id', matches: /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g },
  {
    what: 'AWS secret key',
    matches: /(aws_?(?:secret_?access_?key|session_?token)["']?\s*[:=]\s*["']?)[A-Za-z0-9/+=]{16,}/gi,
    keep: (_match, name) => `${name}${REDACTED}`,
  },
];

/** The text with every secret of a known form replaced. Redacting twice changes nothing more. */
export function redact(text: string): string {
  return PATTERNS.reduce(
    (clean, { matches, keep }) => (keep ? clean.replace(matches, keep) : clean.replace(matches, REDACTED)),
    text,
  );
}
