import type { PlanInput } from '../../domain/plan/plan-input.ts';
import {
  type ConftestAnswer,
  type ConftestQuestion,
  conftestQuestions,
} from '../../domain/policy/conftest.ts';
import type { Rules } from '../../domain/rules.ts';
import { TerminalError, UnavailableError } from '../../errors.ts';
import type { Ports } from '../../ports/ports.ts';
import { withinBudget } from './within-budget.ts';

export type ConftestPorts = Pick<Ports, 'git' | 'yaml' | 'patience'>;

/** Reads the results of every service that has some, side by side. Git being away is an answer. */
export async function readConftest(
  ports: ConftestPorts,
  rules: Pick<Rules, 'repositories'>,
  input: PlanInput,
): Promise<Record<string, ConftestAnswer>> {
  const answers = await Promise.all(
    conftestQuestions(input).map(async (question): Promise<[string, ConftestAnswer]> => {
      try {
        const work = answerTo(ports, rules, { question, input });
        const late = (says: string): ConftestAnswer => ({ kind: 'unknown', says });
        return [question.service, await withinBudget(ports, { what: question.file, work, late })];
      } catch (error) {
        if (error instanceof UnavailableError)
          return [question.service, { kind: 'unknown', says: error.message }];
        if (error instanceof TerminalError)
          return [question.service, { kind: 'refused', says: error.message }];
        throw error;
      }
    }),
  );
  return Object.fromEntries(answers);
}

async function answerTo(
  { git, yaml }: Pick<Ports, 'git' | 'yaml'>,
  rules: Pick<Rules, 'repositories'>,
  { question, input }: { question: ConftestQuestion; input: PlanInput },
): Promise<ConftestAnswer> {
  const { file, repository = input.environment.repository } = question;
  const branch = rules.repositories[repository]?.branch ?? 'main';
  const [unfilled] = /\{[a-z]+\}/.exec(file) ?? [];
  if (unfilled !== undefined)
    return { kind: 'refused', says: `its image does not say its ${unfilled}, which ${file} asks for` };
  const view = await git.view(repository, branch);
  const text = await view?.read(file);
  if (view === undefined || text === undefined)
    return { kind: 'refused', says: `there is no ${file} on ${branch} of ${repository}` };
  // JSON is YAML, and this reader has bounds.
  const read = await yaml.read(text);
  if (read.kind === 'read') return { kind: 'read', value: read.value, commit: view.commit };
  const [fault] = read.faults;
  return { kind: 'refused', says: `${file}:${fault?.line ?? 1}: ${fault?.message ?? 'it is not readable'}` };
}
