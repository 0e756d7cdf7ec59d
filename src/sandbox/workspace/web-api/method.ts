import { z } from 'zod';
import type { WorkspaceParts } from '../parts.ts';
import { type MethodAnswer, refuse } from './answer.ts';

/** How often a method may be called: https://docs.slack.dev/apis/web-api/rate-limits. `posting` and `special` have rules of their own. */
export type Tier = 1 | 2 | 3 | 4 | 'posting' | 'special';

/** What a method sees of the workspace. */
export type MethodParts = Pick<
  WorkspaceParts,
  'world' | 'scopes' | 'triggers' | 'sockets' | 'url' | 'manifest'
>;

/** A Web API method, ready to be called with whatever came in. */
export interface Method {
  readonly name: string;
  readonly tier: Tier;
  /** Which token it wants; `none` for methods that work without. */
  readonly token: 'bot' | 'app' | 'none';
  /** Scopes of which one must be held; none when the list is empty. */
  scopes(args: Readonly<Record<string, unknown>>, parts: MethodParts): readonly string[];
  run(args: Readonly<Record<string, unknown>>, parts: MethodParts): MethodAnswer;
}

/** Describes a method. Arguments that do not fit `args` are refused as `invalid_arguments` with Slack's wording. */
export function defineMethod<A extends z.ZodType>(definition: {
  readonly name: string;
  readonly tier: Tier;
  readonly token?: Method['token'];
  readonly scopes?: readonly string[] | Method['scopes'];
  readonly args: A;
  readonly run: (args: z.output<A>, parts: MethodParts) => MethodAnswer;
}): Method {
  const { name, tier, token = 'bot', scopes = [], args: shape, run } = definition;
  return {
    name,
    tier,
    token,
    scopes: typeof scopes === 'function' ? scopes : () => scopes,
    run: (args, parts) => {
      const parsed = shape.safeParse(args, { reportInput: true });
      return parsed.success ? run(parsed.data, parts) : refuseArguments(parsed.error.issues);
    },
  };
}

function refuseArguments(issues: readonly z.core.$ZodIssue[]): MethodAnswer {
  const messages = issues.map((issue) => {
    const field = issue.path.join('/');
    return issue.input === undefined
      ? `[ERROR] missing required field: ${field}`
      : `[ERROR] ${issue.message} [json-pointer:/${field}]`;
  });
  return refuse('invalid_arguments', { messages });
}

/** A boolean, as forms and JSON write it. */
export const flag = z
  .union([z.boolean(), z.enum(['true', 'false', '1', '0'])])
  .transform((value) => value === true || value === 'true' || value === '1');

/** A whole number, as forms and JSON write it. */
export const whole = z.coerce.number().int();

/** A list written with commas, as forms do, or as JSON. */
export const commaList = z
  .union([z.array(z.string()), z.string()])
  .transform((value) =>
    (Array.isArray(value) ? value : value.split(',')).map((part) => part.trim()).filter(Boolean),
  );

/** A structure that forms carry as JSON text. What is no JSON stays a text, for the method to refuse in its own words. */
export const structure = z.unknown().transform((value) => {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
});

/** A conversation's id. */
export const channelArgument = { channel: z.string().min(1) };

/**
 * Scopes that depend on what kind of conversation is asked for, such as `channels:read`, `groups:read`, `im:read`.
 * A conversation that is not there counts as a public channel.
 */
export function scopesByKind(byKind: {
  readonly public: readonly string[];
  readonly private: readonly string[];
  readonly im: readonly string[];
}): Method['scopes'] {
  return ({ channel }, { world }) => byKind[world.channels.get(String(channel))?.kind ?? 'public'];
}
