import { firstOut } from '../../contract/compatibility.ts';
import type { ContractAnswer } from '../../contract/contract-answer.ts';
import { contractEdges } from '../../contract/contract-order.ts';
import { type ContractQuestion, contractQuestions } from '../../contract/contract-questions.ts';
import { type ContractVerdict, judgeAnswer } from '../../contract/judge-answer.ts';
import { own } from '../../document/own.ts';
import { declaredServices } from '../../plan/declared-services.ts';
import type { PlanInput } from '../../plan/plan-input.ts';
import { cycleIn, type DependencyGraph } from '../../plan/waves.ts';
import { type Finding, findingAt } from '../finding.ts';
import type { PreflightInput } from '../preflight-input.ts';

/** `contract-complete`: every contract says enough to be asked about. */
export function contractComplete(input: PlanInput): Finding[] {
  return contractQuestions(input).problems.map((problem) =>
    findingAt(input.document, { rule: 'contract-complete', ...problem }),
  );
}

/** `contract-order`: what contracts say of the order contradicts neither the dependencies nor one another. */
export function contractOrder(input: PlanInput): Finding[] {
  let graph: DependencyGraph = Object.fromEntries(
    declaredServices(input).map(({ name, dependsOn }) => [name, dependsOn.map(({ service }) => service)]),
  );
  // A circle without the contracts is another rule's.
  if (cycleIn(graph)) return [];
  const findings: Finding[] = [];
  for (const { first, then, path, says } of contractEdges(input)) {
    const ordered = { ...graph, [then]: [...(own(graph, then) ?? []), first] };
    const cycle = cycleIn(ordered);
    if (cycle === undefined) {
      graph = ordered;
      continue;
    }
    findings.push(
      findingAt(input.document, {
        rule: 'contract-order',
        service: then,
        path,
        says: `${says}, and a dependency or another contract says the opposite: ${cycle.join(' → ')}`,
        remedy:
          'Promise FULL compatibility, or take the dependency out: it decides which of them goes first.',
      }),
    );
  }
  return findings;
}

/** `contract-compatible`: whoever keeps the contracts says that these versions keep them. */
export function contractCompatible(input: PreflightInput): Finding[] {
  return contractQuestions(input).questions.flatMap((question) => {
    const answer = own(input.contracts, question.key);
    const judged = judgeAnswer(question, answer);
    const verdict = judged.kind === 'refuse' ? judged : (wrongOrder(question, { answer, input }) ?? judged);
    if (verdict.kind === 'pass') return [];
    const { kind, says, remedy } = verdict;
    return [
      findingAt(input.document, {
        rule: 'contract-compatible',
        severity: kind === 'refuse' ? 'error' : kind,
        ...(question.service !== undefined && { service: question.service }),
        path: question.path,
        says,
        remedy,
      }),
    ];
  });
}

/** Where a contract states no compatibility, the one that is enforced says who goes first, and the plan may say otherwise. */
function wrongOrder(
  question: ContractQuestion,
  { answer, input }: { answer: ContractAnswer | undefined; input: PreflightInput },
): ContractVerdict | undefined {
  if (question.kind !== 'schema' || question.compatibility !== undefined || question.producer === undefined)
    return undefined;
  if (answer?.of !== 'schema' || answer.answer.kind !== 'judged' || answer.answer.level === 'NONE')
    return undefined;
  const { level } = answer.answer;
  const order = firstOut(level);
  const waveOf = (service: string) => input.plan?.waves.findIndex((wave) => wave.includes(service)) ?? -1;
  const own = waveOf(question.producer);
  const late = question.consumers.find((consumer) => {
    const its = waveOf(consumer);
    if (own < 0 || its < 0 || order === 'either') return false;
    return order === 'consumers' ? its >= own : its <= own;
  });
  if (late === undefined) return undefined;
  return {
    kind: 'refuse',
    says: `${question.subject} is ${level} in the schema registry, so that ${order === 'consumers' ? late : question.producer} goes first, and the plan does not say so`,
    remedy: `Write compatibility: ${level} in the contract: it orders them, or shows what contradicts it.`,
  };
}
