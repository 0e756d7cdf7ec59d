import { answerRequest, type YamlRequest } from './answer-request.ts';
import { frame, frameReader } from './frames.ts';
import { MAX_ANSWER } from './limits.ts';

/**
 * The program of the reading process: requests in on stdin, answers out on stdout, one after another, until stdin ends. It has
 * no environment, no secrets and nothing to lose.
 */
function main(): void {
  const receive = frameReader((request) => {
    const answer = frame(answerRequest(request as YamlRequest));
    process.stdout.write(answer.length > MAX_ANSWER ? frame(TOO_LARGE) : answer);
  });
  process.stdin.on('data', receive);
  process.stdout.write(frame({ kind: 'ready' }));
}

const TOO_LARGE = {
  kind: 'refused',
  faults: [{ message: 'becomes too large when its aliases are followed', line: 1, column: 1 }],
};

main();
