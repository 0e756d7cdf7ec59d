import { expect, it } from 'vitest';
import type { Alerts } from '../../src/ports/alerts.ts';

/** A port with one source, and what can happen to it. */
export interface AlertsWorld extends AsyncDisposable {
  alerts: Alerts;
  /** Opens one that somebody is called for. */
  opens(alert: { title: string; service: string }): Promise<void>;
  /** From now on nobody answers. */
  goAway(): Promise<void>;
}

/** What every implementation of the port does. Each test gets a world of its own from `makeWorld`. */
export function alertsContract(makeWorld: () => Promise<AlertsWorld>): void {
  it('tells of nothing while nothing is open', async () => {
    await using world = await makeWorld();
    expect(await world.alerts.open()).toMatchObject([{ kind: 'told', alerts: [], doubts: [] }]);
  });

  it('tells what is open, since when, and what it is about', async () => {
    await using world = await makeWorld();
    await world.opens({ title: 'Checkout is down', service: 'web' });
    const [answer] = await world.alerts.open();
    expect(answer).toMatchObject({ kind: 'told', alerts: [{ title: 'Checkout is down', service: 'web' }] });
    const since = answer?.kind === 'told' ? answer.alerts[0]?.since : undefined;
    expect(Date.parse(since ?? '')).toBeGreaterThan(0);
  });

  it('is not known, and nothing else, while nobody answers', async () => {
    await using world = await makeWorld();
    await world.goAway();
    expect(await world.alerts.open()).toMatchObject([{ kind: 'unknown', says: expect.stringMatching(/./) }]);
  });
}
