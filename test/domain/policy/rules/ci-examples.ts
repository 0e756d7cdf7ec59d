import type { Evidence } from '../../../../src/domain/artifact/evidence.ts';
import type { CheckOutcome } from '../../../../src/domain/checks/check-answer.ts';
import type { CheckRules, EvidenceRules } from '../../../../src/domain/checks/check-rules.ts';
import type { CiSeen } from '../../../../src/domain/checks/ci-seen.ts';
import { environmentOf } from '../../plan/world.ts';
import type { Example, World } from './example.ts';

const COMMIT = 'a'.repeat(40);
const AWAY = { kind: 'unknown', says: "GitHub can't be reached" } as const;

/** What was reported of both services. */
function reported(evidence: Evidence): CiSeen {
  const newest = { artifact: '1', reporter: 'ci', images: {}, evidence, at: '2026-11-20T10:00:00.000Z' };
  return { commits: [], reported: { evidence, newest } };
}

/** How one check came out on the commit of both services. */
function checked(outcome: CheckOutcome, required: readonly string[] = []): CiSeen {
  return {
    repository: 'acme/shop',
    commits: [{ commit: COMMIT, checks: { kind: 'checks', checks: [{ name: 'unit', outcome }] } }],
    branch: { name: 'main', required: { kind: 'required', checks: [...required] } },
  };
}

const NOBODY: CiSeen = {
  repository: 'acme/shop',
  commits: [{ commit: COMMIT, checks: AWAY }],
  branch: { name: 'main', required: AWAY },
};

function asked(seen: CiSeen, rules: { checks?: CheckRules; evidence?: EvidenceRules }): World {
  return { input: { environment: environmentOf(rules) }, around: { ci: { orders: seen, web: seen } } };
}

const needsUnit = (seen: CiSeen, more: Partial<CheckRules> = {}): World =>
  asked(seen, { checks: { required: ['unit'], accept: [], onBranch: 'off', ...more } });

const needs = (seen: CiSeen, evidence: Partial<EvidenceRules>): World =>
  asked(seen, { evidence: { checks: [], ...evidence } });

const NO_FINDINGS = { critical: 0, high: 0, orCheck: 'unit' };

/** Of every rule about what CI has found out. */
export const CI_EXAMPLES = {
  'checks-passed': {
    passes: needsUnit(checked('passed')),
    fails: needsUnit(checked('failed')),
    as: 'refuse',
    unreachable: needsUnit(NOBODY),
  },
  'checks-required-on-branch': {
    passes: needsUnit(checked('passed', ['unit']), { onBranch: 'refuse' }),
    fails: needsUnit(checked('passed'), { onBranch: 'refuse' }),
    as: 'refuse',
    unreachable: needsUnit(NOBODY, { onBranch: 'refuse' }),
  },
  'evidence-coverage': {
    passes: needs(reported({ coverage: { lines: 79.5 } }), { coverage: { min: 80 } }),
    fails: needs(reported({ coverage: { lines: 79.4 } }), { coverage: { min: 80 } }),
    as: 'refuse',
    unreachable: needs(NOBODY, { coverage: { min: 80, orCheck: 'unit' } }),
  },
  'evidence-sast': {
    passes: needs(reported({ sast: { critical: 0, high: 0, medium: 4 } }), { sast: NO_FINDINGS }),
    fails: needs(reported({ sast: { critical: 0, high: 1 } }), { sast: NO_FINDINGS }),
    as: 'refuse',
    unreachable: needs(NOBODY, { sast: NO_FINDINGS }),
  },
  'evidence-vulnerabilities': {
    passes: needs(checked('passed'), { vulnerabilities: NO_FINDINGS }),
    // A severity that was not counted is no zero.
    fails: needs(reported({ vulnerabilities: { critical: 0 } }), { vulnerabilities: NO_FINDINGS }),
    as: 'refuse',
    unreachable: needs(NOBODY, { vulnerabilities: NO_FINDINGS }),
  },
  'evidence-secrets': {
    passes: needs(reported({ secrets: { found: 0 } }), { secrets: {} }),
    fails: needs(reported({ secrets: { found: 1 } }), { secrets: {} }),
    as: 'refuse',
    unreachable: needs(NOBODY, { secrets: { orCheck: 'unit' } }),
  },
  'evidence-sbom': {
    passes: needs(reported({ sbom: { format: 'spdx' } }), { sbom: {} }),
    fails: needs(reported({ secrets: { found: 0 } }), { sbom: {} }),
    as: 'refuse',
    unreachable: needs(NOBODY, { sbom: { orCheck: 'unit' } }),
  },
  'evidence-checks': {
    passes: needs(reported({ checks: { kubeconform: 'passed' } }), { checks: ['kubeconform'] }),
    fails: needs(reported({ checks: { kubeconform: 'skipped' } }), { checks: ['kubeconform'] }),
    as: 'refuse',
    unreachable: needs(NOBODY, { checks: ['kubeconform'] }),
  },
} satisfies Record<string, Example>;
