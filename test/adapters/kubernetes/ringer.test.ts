import { setImmediate as later } from 'node:timers/promises';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createRinger } from '../../../src/adapters/kubernetes/ringer.ts';

function ringer() {
  const rung: string[] = [];
  const made = createRinger(pino({ level: 'silent' }));
  return { ...made, rung, stop: made.listen((name) => rung.push(name)) };
}

describe('the ringer', () => {
  it('rings once for each name, however often it changed in one moment', async () => {
    const { ring, rung } = ringer();
    for (const name of ['a', 'b', 'a']) ring(name);
    expect(rung).toEqual([]);
    await later();
    expect(rung).toEqual(['a', 'b']);
    ring('a');
    await later();
    expect(rung).toEqual(['a', 'b', 'a']);
  });

  it('is silent to who stopped listening, and after it was closed', async () => {
    const stopped = ringer();
    stopped.ring('a');
    stopped.stop();
    const closed = ringer();
    closed.ring('a');
    closed.close();
    closed.ring('b');
    await later();
    expect([...stopped.rung, ...closed.rung]).toEqual([]);
  });
});
