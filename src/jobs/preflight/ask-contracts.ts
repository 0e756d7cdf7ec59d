import type { ContractAnswer } from '../../domain/contract/contract-answer.ts';
import { type ContractQuestion, contractQuestions } from '../../domain/contract/contract-questions.ts';
import type { PlanInput } from '../../domain/plan/plan-input.ts';
import type { Rules } from '../../domain/rules.ts';
import { UnavailableError } from '../../errors.ts';
import type { Ports } from '../../ports/ports.ts';
import { remembered } from './remembered.ts';
import { withinBudget } from './within-budget.ts';

export type ContractPorts = Pick<Ports, 'contracts' | 'git' | 'yaml' | 'clock' | 'patience'>;

/**
 * Asks everybody who keeps a contract of the manifest, side by side, each within the time that its adapter allows. Nobody being
 * there is an answer. `afresh`: what was said a moment ago is asked again.
 */
export async function askContracts(
  ports: ContractPorts,
  rules: Pick<Rules, 'repositories'>,
  { input, afresh }: { input: PlanInput; afresh: boolean },
): Promise<Record<string, ContractAnswer>> {
  const { questions } = contractQuestions(input);
  const answers = await Promise.all(
    questions.map(async (question): Promise<[string, ContractAnswer]> => {
      try {
        const work = answerTo(ports, rules, { question, input, afresh });
        const late = (says: string): ContractAnswer => ({ of: 'unknown', says });
        return [
          question.key,
          await withinBudget(ports, { what: `whoever keeps ${question.kind}`, work, late }),
        ];
      } catch (error) {
        if (error instanceof UnavailableError) return [question.key, { of: 'unknown', says: error.message }];
        throw error;
      }
    }),
  );
  return Object.fromEntries(answers);
}

async function answerTo(
  ports: ContractPorts,
  rules: Pick<Rules, 'repositories'>,
  { question, input, afresh }: { question: ContractQuestion; input: PlanInput; afresh: boolean },
): Promise<ContractAnswer> {
  const { contracts, clock } = ports;
  const memory = { of: contracts, now: clock.now(), afresh };
  switch (question.kind) {
    case 'schema': {
      const { subject, schemaType, schemaFile } = question;
      const file = await readFile(ports, rules, { input, path: schemaFile });
      if (file.kind === 'missing') return { of: 'schema', answer: { kind: 'refused', says: file.says } };
      const asked = { subject, schemaType, schema: file.text };
      return { of: 'schema', answer: await remembered(memory, asked, () => contracts.schema(asked)) };
    }
    case 'pact': {
      const asked = { environment: question.environment, versions: question.versions };
      return { of: 'pact', answer: await remembered(memory, asked, () => contracts.pacts(asked)) };
    }
    case 'file': {
      const file = await readFile(ports, rules, { input, path: question.file });
      if (file.kind === 'missing') return { of: 'file', answer: { kind: 'refused', says: file.says } };
      const read = await ports.yaml.read(file.text);
      if (read.kind === 'read') return { of: 'file', answer: { kind: 'read', value: read.value } };
      const [fault] = read.faults;
      const says = `${question.file}:${fault?.line ?? 1}: ${fault?.message ?? 'it is not readable'}`;
      return { of: 'file', answer: { kind: 'refused', says } };
    }
  }
}

/** A file beside the manifest, as its repository has it now. */
async function readFile(
  { git }: Pick<Ports, 'git'>,
  rules: Pick<Rules, 'repositories'>,
  { input, path }: { input: PlanInput; path: string },
): Promise<{ kind: 'text'; text: string } | { kind: 'missing'; says: string }> {
  const { repository } = input.environment;
  const branch = rules.repositories[repository]?.branch ?? 'main';
  if (!isInside(path)) return { kind: 'missing', says: `${path} is no path inside ${repository}` };
  const text = await (await git.view(repository, branch))?.read(path);
  return text === undefined
    ? { kind: 'missing', says: `there is no ${path} on ${branch} of ${repository}` }
    : { kind: 'text', text };
}

/** A manifest is written by anybody who may push a branch: its paths lead nowhere else. */
function isInside(path: string): boolean {
  return path.split('/').every((step) => step !== '' && step !== '.' && step !== '..');
}
