import { z } from 'zod';
import type { RequiredAnswer } from '../../domain/checks/check-answer.ts';
import { type Github, repositoryPath, shaped } from './api.ts';

const Rules = z.array(
  z.looseObject({
    type: z.string(),
    parameters: z
      .looseObject({
        required_status_checks: z.array(z.looseObject({ context: z.string() })).default([]),
      })
      .nullish(),
  }),
);

const Branch = z.looseObject({
  protected: z.boolean(),
  protection: z
    .looseObject({
      required_status_checks: z
        .looseObject({
          enforcement_level: z.string().default('off'),
          contexts: z.array(z.string()).default([]),
          checks: z.array(z.looseObject({ context: z.string() })).default([]),
        })
        .nullish(),
    })
    .nullish(),
});

/** Rules of one branch; an organisation has a handful. */
const PAGE = '100';

/**
 * What a branch requires: by rulesets that are enforced, and by the older protection, whose summary of a branch needs no more than
 * reading. Source: https://docs.github.com/en/rest/repos/rules, https://docs.github.com/en/rest/branches/branches
 */
export async function readRequired(
  github: Github,
  { repository, branch }: { repository: string; branch: string },
): Promise<RequiredAnswer> {
  const path = repositoryPath(repository);
  const name = encodeURIComponent(branch);
  const [rules, protectedBranch] = await Promise.all([
    github.get(`${path}/rules/branches/${name}`, { per_page: PAGE }),
    github.get(`${path}/branches/${name}`),
  ]);
  if (protectedBranch.kind === 'refused') return { kind: 'refused', says: protectedBranch.says };
  // Servers from before rulesets do not know the question.
  if (rules.kind === 'refused' && rules.status !== 404) return { kind: 'refused', says: rules.says };
  const byRules =
    rules.kind === 'ok'
      ? shaped('rules of a branch', Rules, rules.body).flatMap(({ type, parameters }) =>
          type === 'required_status_checks' ? (parameters?.required_status_checks ?? []) : [],
        )
      : [];
  const { protection } = shaped('branch', Branch, protectedBranch.body);
  const old = protection?.required_status_checks;
  const byProtection = old && old.enforcement_level !== 'off' ? old : { contexts: [], checks: [] };
  const names = [
    ...byRules.map(({ context }) => context),
    ...byProtection.contexts,
    ...byProtection.checks.map(({ context }) => context),
  ];
  return { kind: 'required', checks: [...new Set(names)] };
}
