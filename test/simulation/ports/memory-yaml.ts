import {
  answerRequest,
  type YamlAnswer,
  type YamlRequest,
} from '../../../src/adapters/yaml/answer-request.ts';
import { yamlOver } from '../../../src/adapters/yaml/yaml-over.ts';
import type { Yaml } from '../../../src/ports/yaml.ts';

/** Answers that are remembered, before all are forgotten: a world reads its few files hundreds of times. */
const REMEMBERED = 2_000;

/**
 * YAML without the process: the same limits and the same edits, for texts that a simulation has written itself. What was asked
 * before is answered from memory, in as many steps as anew, so that a world plays the same whatever was played before it.
 */
export function memoryYaml(): Yaml {
  const answers = new Map<string, YamlAnswer>();
  return yamlOver(async (request) => {
    const question = questionOf(request);
    const known = answers.get(question);
    if (known) return known;
    if (answers.size >= REMEMBERED) answers.clear();
    const answer = answerRequest(request);
    answers.set(question, answer);
    return answer;
  });
}

function questionOf(request: YamlRequest): string {
  const { ask, text, ...rest } = request;
  return `${ask} ${JSON.stringify(rest)}\n${text}`;
}
