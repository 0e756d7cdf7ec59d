import { z } from 'zod';

/** Name of a role, repository, cluster, Prometheus or gate preset: what other parts of the file refer to. */
export const Name = z.string().regex(/^[a-z0-9]([-a-z0-9_.]{0,61}[a-z0-9])?$/i, {
  error: 'must be letters, digits, dots, hyphens and underscores, at most 63',
});

/** Name of an environment variable that holds a secret. The secret itself never stands in the file. */
export const VariableName = z.string().regex(/^[A-Z][A-Z0-9_]*$/, {
  error: 'must be the name of an environment variable, such as GITOPS_TOKEN, never the secret itself',
});

/** `act`: releases are carried out. `observe`: what others do is seen, judged and reported, and nothing is written. */
export const Mode = z.enum(['act', 'observe']);

/** Roles, by name. */
export const Roles = z.array(Name);

/** Slack's id of a person. */
export const SlackUser = z.string().regex(/^[UW][A-Z0-9]{2,}$/, {
  error: "must be a person's id such as U012AB3CD (in Slack: profile, ⋮, Copy member ID)",
});

/** Slack's id of a usergroup. */
export const SlackGroup = z.string().regex(/^S[A-Z0-9]{2,}$/, {
  error: "must be a usergroup's id such as S012AB3CD",
});

/** Slack's id of a channel. */
export const SlackChannel = z.string().regex(/^[CG][A-Z0-9]{2,}$/, {
  error: "must be a channel's id such as C012AB3CD (in Slack: the channel's name, About, at the bottom)",
});

/** An address that is asked over HTTP, without user and password in it: those would reach logs. */
export const HttpUrl = z.string().superRefine((text, context) => {
  const fault = urlFault(text, ['http:', 'https:']);
  if (fault) context.addIssue({ code: 'custom', message: fault });
});

/** What is wrong with an address; absent when nothing is. */
export function urlFault(text: string, protocols: readonly string[]): string | undefined {
  const url = URL.parse(text);
  if (url === null) return 'must be an address such as https://prometheus.example.com';
  if (!protocols.includes(url.protocol)) {
    return `begins with ${url.protocol}//, which is not among ${protocols.map((one) => `${one}//`).join(', ')}`;
  }
  if (url.username !== '' || url.password !== '') {
    return 'must not hold a user or a password: name environment variables for them';
  }
  return undefined;
}
