import { RE2JS } from 're2js';
import { Range } from 'semver';
import { z } from 'zod';

/** Compiled by an engine that needs no more than the text's length: a pattern of the catalog must not stop the program. */
function isPattern(text: string): boolean {
  try {
    RE2JS.compile(text);
    return true;
  } catch {
    return false;
  }
}

function isRange(text: string): boolean {
  try {
    new Range(text);
    return true;
  } catch {
    return false;
  }
}

const GitHubTag = z
  .string()
  .regex(/^[\w.-]*\{commit(:\d{1,2})?\}[\w.-]*$/, {
    error: 'must be a tag with {commit}, or {commit:7} for its first 7 digits, in it',
  })
  .default('{commit}');

/** Where a cut of the first environment takes a service's newest version from, when nobody types one. */
export const CandidateRule = z.union(
  [
    /** The newest that a build reported. */
    z.strictObject({ from: z.literal('artifacts') }),
    /** The highest version among the registry's tags. */
    z.strictObject({
      from: z.literal('registry'),
      semver: z.string().min(1).max(100).refine(isRange, {
        error: 'must be a range of versions such as ">=1.4 <2" (https://github.com/npm/node-semver#ranges)',
      }),
    }),
    /** The last of the tags that a pattern fits, by what its first group holds. */
    z.strictObject({
      from: z.literal('registry'),
      pattern: z.string().min(1).max(200).refine(isPattern, {
        error: 'must be a regular expression as RE2 has them (https://github.com/google/re2/wiki/Syntax)',
      }),
      order: z.enum(['numeric', 'alphabetic']),
    }),
    /** The commit of the newest successful deployment to an environment of GitHub. */
    z.strictObject({ from: z.literal('github'), deployment: z.string().min(1).max(255), tag: GitHubTag }),
    /** The newest commit of the source's branch on which a check passed. */
    z.strictObject({ from: z.literal('github'), check: z.string().min(1).max(100), tag: GitHubTag }),
  ],
  {
    error:
      'must be {from: artifacts}, {from: registry, semver}, {from: registry, pattern, order}, {from: github, deployment} or {from: github, check}',
  },
);
export type CandidateRule = z.output<typeof CandidateRule>;

/** The tag that a commit's image has. */
export function tagOfCommit(template: string, commit: string): string {
  return template.replace(/\{commit(?::(\d+))?\}/, (_, digits?: string) =>
    digits === undefined ? commit : commit.slice(0, Number(digits)),
  );
}
