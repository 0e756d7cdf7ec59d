import { Agent, request } from 'node:http';
import { type Load, LoadOrder } from './order.ts';
import { signedCommand } from './signed-command.ts';

/** Connections kept open, more than requests are ever under way in a healthy run. */
const CONNECTIONS = 256;

/**
 * Sends commands when they are due, whatever became of those before. A latency counts from when its command was due, so that a
 * receiver that stands still is not spared the commands that would have come meanwhile.
 */
function load({ url, secret, perSecond, seconds }: LoadOrder): Promise<Load> {
  const total = perSecond * seconds;
  // Connections of this load alone: a server ends those that nobody used for five seconds, in the moment in which one is used again.
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const began = performance.now();
  const dueAt = (i: number) => began + (i * 1000) / perSecond;
  const latenciesMs: number[] = [];
  const refused: string[] = [];
  let sent = 0;
  return new Promise((resolve) => {
    const settle = (wrong: string | undefined, due: number) => {
      if (wrong === undefined) latenciesMs.push(performance.now() - due);
      else refused.push(wrong);
      if (latenciesMs.length + refused.length === total)
        resolve({ latenciesMs, refused: refused.slice(0, 5) });
    };
    const sendDue = () => {
      for (; sent < total && dueAt(sent) <= performance.now(); sent++) {
        const due = dueAt(sent);
        post({ url, agent }, signedCommand(secret, sent), (wrong) => settle(wrong, due));
      }
      if (sent < total) setTimeout(sendDue, Math.max(0, dueAt(sent) - performance.now()));
    };
    sendDue();
  });
}

/** `done` is told what was wrong with the answer: a command is acknowledged by 200 and no words. */
function post(
  { url, agent }: { url: string; agent: Agent },
  { headers, body }: ReturnType<typeof signedCommand>,
  done: (wrong?: string) => void,
): void {
  const sending = request(url, { method: 'POST', agent, headers }, (response) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (part: string) => {
      text += part;
    });
    response.on('end', () =>
      done(response.statusCode === 200 && text === '' ? undefined : `${response.statusCode} ${text}`),
    );
  });
  sending.on('error', (error) => done(error.message));
  sending.end(body);
}

process.on('message', (message) => {
  void load(LoadOrder.parse(message)).then((done) => process.send?.(done));
});
