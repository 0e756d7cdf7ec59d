import { afterEach, describe, expect, it } from 'vitest';
import { type AlarmClock, createAlarmClock } from '../../../src/adapters/bullmq/alarm-clock.ts';
import { UnavailableError } from '../../../src/errors.ts';
import type { Alarms } from '../../../src/ports/alarms.ts';
import { silent } from '../../servers/redis.ts';
import { waitUntil } from '../../servers/wait.ts';

/** Alarms that cannot be reached. */
const away: Alarms = {
  set: () => Promise.reject(new UnavailableError('away')),
  take: () => Promise.reject(new UnavailableError('away')),
  settle: () => Promise.reject(new UnavailableError('away')),
};

describe('an alarm clock whose alarms cannot be kept', () => {
  let clock: AlarmClock;
  afterEach(() => clock.stop());

  it('says so to whoever sets one', async () => {
    clock = createAlarmClock({ alarms: away, ring: async () => undefined, log: silent });
    await expect(clock.set('a', 10)).rejects.toThrow(UnavailableError);
  });

  it('keeps in memory what must not be lost, until it is rung', async () => {
    const rung: string[] = [];
    const ring = async (name: string) => {
      rung.push(name);
      if (rung.length < 3) throw new UnavailableError('away');
    };
    clock = createAlarmClock({ alarms: away, ring, log: silent });
    await clock.setOrKeep('a', 10);
    await waitUntil(() => rung.length === 3);
    expect(rung).toEqual(['a', 'a', 'a']);
  });
});
