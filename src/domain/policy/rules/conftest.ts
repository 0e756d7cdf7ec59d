import { own } from '../../document/own.ts';
import { conftestQuestions, judgeConftest } from '../conftest.ts';
import type { Finding } from '../finding.ts';
import type { PreflightInput } from '../preflight-input.ts';

/** Whether any service of the release says where its results are. */
export function hasConftest(input: PreflightInput): boolean {
  return conftestQuestions(input).length > 0;
}

/** What holds when nothing was found, with the commits at which the results were read. */
export function conftestLaw(input: PreflightInput): string {
  const read = conftestQuestions(input).map(({ service }) => {
    const answer = own(input.conftest ?? {}, service);
    return answer?.kind === 'read' ? `${service} at ${answer.commit.slice(0, 8)}` : service;
  });
  return `conftest found nothing (${read.join(', ')})`;
}

/** `conftest`: the policies that CI tests manifests by found nothing, and were evaluated at all. */
export function conftestFindsNothing(input: PreflightInput): Finding[] {
  return conftestQuestions(input).flatMap((question) =>
    judgeConftest(question, own(input.conftest ?? {}, question.service)).map(
      ({ severity, says, remedy }): Finding => ({
        rule: 'conftest',
        severity,
        required: true,
        service: question.service,
        file: question.file,
        path: '',
        says,
        remedy,
      }),
    ),
  );
}
