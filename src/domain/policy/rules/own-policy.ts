import type { Finding } from '../finding.ts';
import { type PolicyWord, readDecision } from '../policy-answer.ts';
import type { PreflightInput } from '../preflight-input.ts';

const CONFIGURATION = 'signalbox.yaml';

/** Whether the installation has a policy of its own. */
export function hasPolicy({ policy }: Pick<PreflightInput, 'policy'>): boolean {
  return policy.kind !== 'notConfigured';
}

/** What holds when the policy finds nothing, with the revision that said so. */
export function policyLaw({ policy }: Pick<PreflightInput, 'policy'>): string {
  return policy.kind === 'decided'
    ? `the policy denies nothing (${policy.revision})`
    : 'the policy denies nothing';
}

/** `policy`: what the installation's own policy denies. No decision, an error and silence deny. */
export function ownPolicy(input: PreflightInput): Finding[] {
  const { policy } = input;
  switch (policy.kind) {
    case 'notConfigured':
      return [];
    case 'unknown':
      return [broken('unknown', policy.says, 'Run the preflight again.')];
    case 'refused':
      return [broken('error', `the policy cannot be evaluated: ${policy.says}`, 'Mend the policy.')];
    case 'undefined':
      return [
        broken(
          'error',
          `the policy has no decision (${policy.revision})`,
          'See that policy.decision in signalbox.yaml is the path of a rule that always has a value.',
        ),
      ];
    case 'decided': {
      const read = readDecision(policy.result);
      if (read.kind === 'unreadable')
        return [
          broken('error', `the policy's decision ${read.says} (${policy.revision})`, 'Mend the policy.'),
        ];
      const found = (severity: 'error' | 'warn') => (word: PolicyWord) => told(input, severity, word);
      return [...read.deny.map(found('error')), ...read.warn.map(found('warn'))];
    }
  }
}

function told(input: PreflightInput, severity: 'error' | 'warn', word: PolicyWord): Finding {
  const { service, says, remedy } = word;
  const isOurs = service !== undefined && Object.hasOwn(input.manifest.spec.services, service);
  return {
    rule: 'policy',
    severity,
    required: true,
    ...(isOurs && { service }),
    file: input.policy.kind === 'decided' ? `policy ${input.policy.revision}` : 'policy',
    path: '',
    says,
    remedy: remedy ?? 'Meet the policy, or ask those who keep it.',
  };
}

function broken(severity: 'error' | 'unknown', says: string, remedy: string): Finding {
  return { rule: 'policy', severity, required: true, file: CONFIGURATION, path: 'policy', says, remedy };
}
