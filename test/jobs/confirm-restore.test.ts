import { describe, expect, it } from 'vitest';
import { readInstallation } from '../../src/jobs/read-state.ts';
import { stamp, writeTo } from '../../src/jobs/record.ts';
import { ANA, type PlainWorld, plainWorld } from './plain-world.ts';

const confirm = { kind: 'confirmRestore' } as const;

/** As a start after a restore leaves it. */
async function restored(confirmRestore: string[]): Promise<PlainWorld> {
  const world = await plainWorld({ rules: { confirmRestore } });
  const { ledger, clock } = world.ports;
  const { state, at } = await readInstallation(world.ports);
  const fact = stamp(clock, {
    kind: 'incarnation.opened',
    actor: { kind: 'system', id: 'signalbox' },
    data: { incarnation: state.incarnation + 1, restored: { upTo: 1 } },
  });
  const writes = [writeTo(at, [fact], 'installation')];
  await ledger.append({ operation: 'restore', writes, fences: {}, raises: {} });
  return world;
}

describe('a restored record', () => {
  it('is confirmed by the roles of the configuration, whoever may promote', async () => {
    const world = await restored(['managers']);
    const release = await world.cut(2);
    await world.settle(release);
    expect((await world.state(release)).started).toBeUndefined();
    await world.ask(ANA, confirm);
    expect(world.said().at(-1)).toMatch(/^Confirmed/);
    await world.settle(release);
    expect((await world.state(release)).ended?.outcome).toBe('released');
  });

  it('is confirmed by nobody else, and the refusal names the rule', async () => {
    const world = await restored(['auditors']);
    await world.ask(ANA, confirm);
    expect(JSON.stringify(world.workspace.told.at(-1))).toMatch(
      /confirm the restored record: that needs auditors.*recovery\.confirmRestore/,
    );
    expect((await readInstallation(world.ports)).state.unconfirmed).toBeDefined();
  });
});
