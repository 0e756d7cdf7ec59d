import { UnavailableError } from '../../errors.ts';
import type { Yaml } from '../../ports/yaml.ts';
import type { YamlAnswer, YamlRequest } from './answer-request.ts';
import { type ReadingProcess, type Reply, startReadingProcess } from './reading-process.ts';
import { rememberedReads } from './remembered-reads.ts';
import { yamlOver } from './yaml-over.ts';

export interface GuardedYamlOptions {
  /** How long one text may take, in milliseconds. Texts within the limits take less than a tenth of it. */
  deadlineMs?: number;
  /** How long the reading process is kept without work, in milliseconds. Starting one takes about 100. */
  idleMs?: number;
}

/**
 * YAML in a process of its own, one text at a time. A text that takes too long or kills the process is refused, and the next one
 * gets a new process. Who must not wait behind other people's texts, such as recovery, takes a guard of its own.
 */
export function guardedYaml({
  deadlineMs = 5_000,
  idleMs = 60_000,
}: GuardedYamlOptions = {}): Yaml & AsyncDisposable {
  let reader: ReadingProcess | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let idle: NodeJS.Timeout | undefined;
  let isClosed = false;

  const attempt = (request: YamlRequest): Promise<Reply> => {
    if (isClosed) throw new UnavailableError('Reading YAML: this program is ending');
    if (reader === undefined || !reader.isAlive()) reader = startReadingProcess();
    return reader.ask(request, deadlineMs);
  };

  const ask = (request: YamlRequest): Promise<YamlAnswer> => {
    const answer = turn.then(async () => {
      clearTimeout(idle);
      const first = await attempt(request);
      const reply = first.kind === 'died' ? await attempt(request) : first;
      idle = setTimeout(() => void reader?.end(), idleMs).unref();
      return answerOf(reply, deadlineMs);
    });
    turn = answer.catch(() => undefined);
    return answer;
  };

  const yaml = yamlOver(ask);
  return {
    ...yaml,
    read: rememberedReads(yaml.read),
    async [Symbol.asyncDispose]() {
      isClosed = true;
      await reader?.end();
      await turn;
      clearTimeout(idle);
    },
  };
}

/** A process that died twice of a text will die of it again; one that never got ready says nothing about the text. */
function answerOf(reply: Reply, deadlineMs: number): YamlAnswer {
  if (reply.kind === 'answer') return reply.answer;
  if (!reply.wasReady) throw new UnavailableError('Reading YAML: the reading process did not start');
  const message =
    reply.kind === 'late'
      ? `takes longer than ${deadlineMs / 1000} s to read`
      : 'is more than the reading process can take';
  return { kind: 'refused', faults: [{ message, line: 1, column: 1 }] };
}
