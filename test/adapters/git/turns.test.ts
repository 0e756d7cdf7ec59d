import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { turnsInProcess } from '../../../src/adapters/git/turns.ts';

const tick = () => new Promise((resolve) => setImmediate(resolve));

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

describe('turns at a repository', () => {
  it('come one at a time, in the order of arrival, the urgent ones first, and pass on after a failure', async () => {
    const turns = turnsInProcess({ hungAfterMs: 60_000 });
    const order: string[] = [];
    const gate = Promise.withResolvers<void>();
    const take = (name: string, urgent: boolean, work: () => Promise<void> = async () => undefined) =>
      turns({ repository: 'gitops', urgent }, async () => {
        order.push(name);
        await work();
      });
    const first = take('first', false, () => gate.promise);
    const rest = [
      take('second', false, async () => {
        throw new Error('broken');
      }),
      take('urgent', true),
      take('urgent too', true),
      take('third', false),
    ];
    await tick();
    expect(order).toEqual(['first']);
    gate.resolve();
    await first;
    const endings = await Promise.allSettled(rest);
    expect(endings.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
    expect(order).toEqual(['first', 'urgent', 'urgent too', 'second', 'third']);
  });

  it('at different repositories do not wait for each other', async () => {
    const turns = turnsInProcess({ hungAfterMs: 60_000 });
    const gate = Promise.withResolvers<void>();
    const held = turns({ repository: 'a', urgent: false }, () => gate.promise);
    expect(await turns({ repository: 'b', urgent: false }, async () => 'done')).toBe('done');
    gate.resolve();
    await held;
  });

  it('are taken away when they hang and something urgent waits, and only then', async () => {
    const turns = turnsInProcess({ hungAfterMs: 20 });
    const hung = turns({ repository: 'a', urgent: false }, ended);
    const hungToo = turns({ repository: 'a', urgent: false }, ended);
    const urgent = turns({ repository: 'a', urgent: true }, async (signal) => signal.aborted);
    expect(await urgent).toBe(false);
    await hung;
    const second = turns({ repository: 'a', urgent: true }, async () => 'went before');
    expect(await second).toBe('went before');
    await hungToo;
  });

  it('are never taken away from something urgent', async () => {
    const turns = turnsInProcess({ hungAfterMs: 0 });
    const gate = Promise.withResolvers<void>();
    const first = turns({ repository: 'a', urgent: true }, async (signal) => {
      await gate.promise;
      return signal.aborted;
    });
    const second = turns({ repository: 'a', urgent: true }, async () => undefined);
    await tick();
    gate.resolve();
    expect(await first).toBe(false);
    await second;
  });

  it('are never two at a time, whatever comes when', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ urgent: fc.boolean(), ticks: fc.nat(3), late: fc.nat(5) })),
        async (plan) => {
          const turns = turnsInProcess({ hungAfterMs: 0 });
          let inside = 0;
          let most = 0;
          const all = plan.map(async ({ urgent, ticks, late }) => {
            for (let i = 0; i < late; i += 1) await tick();
            await turns({ repository: 'a', urgent }, async () => {
              inside += 1;
              most = Math.max(most, inside);
              for (let i = 0; i < ticks; i += 1) await tick();
              inside -= 1;
            });
          });
          await Promise.all(all);
          expect(most).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 50 },
    );
  });
});
