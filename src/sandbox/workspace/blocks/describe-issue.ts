import type { z } from 'zod';
import type { BlockFault } from './rules.ts';

/**
 * A zod issue in Slack's words and with Slack's pointer, as they stand in `response_metadata.messages`
 * (seen in adobe/spacecat-api-service#176, incidentbot/incidentbot#328, yonicd/slackreprex#3):
 * "no more than 25 items allowed [json-pointer:/blocks/1/elements]", "must be less than 3001 characters [json-pointer:…]".
 */
export function describeIssue(issue: z.core.$ZodIssue, root: string): BlockFault {
  const pointer = [root, ...issue.path.map(String)].join('/');
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? { reason: `missing required field: ${String(issue.path.at(-1))}`, pointer: parentOf(pointer) }
        : { reason: `must be of type ${issue.expected}`, pointer };
    case 'too_big':
      return {
        reason:
          issue.origin === 'string'
            ? `must be less than ${Number(issue.maximum) + 1} characters`
            : issue.origin === 'array'
              ? `no more than ${issue.maximum} items allowed`
              : `must be at most ${issue.maximum}`,
        pointer,
      };
    case 'too_small':
      return {
        reason:
          issue.origin === 'string'
            ? `must be more than ${Number(issue.minimum) - 1} characters`
            : issue.origin === 'array'
              ? `no fewer than ${issue.minimum} items allowed`
              : `must be at least ${issue.minimum}`,
        pointer,
      };
    case 'unrecognized_keys':
      return { reason: `invalid additional property: ${issue.keys.join(', ')}`, pointer };
    case 'invalid_union':
      return {
        reason: `unsupported type: ${typeNamed(issue.input)}`,
        pointer: pointer.replace(/\/type$/, ''),
      };
    case 'invalid_value':
      return { reason: `must be one of: ${issue.values.map(String).join(', ')}`, pointer };
    default:
      return { reason: issue.message, pointer };
  }
}

function parentOf(pointer: string): string {
  return pointer.slice(0, pointer.lastIndexOf('/'));
}

function typeNamed(input: unknown): string {
  return typeof input === 'object' && input !== null && 'type' in input ? String(input.type) : String(input);
}
