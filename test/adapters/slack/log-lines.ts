import { Writable } from 'node:stream';
import { type Logger, pino } from 'pino';

/** A logger of every level, and what it wrote. */
export function logLines(): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  return { logger: pino({ level: 'trace' }, sink), lines };
}
