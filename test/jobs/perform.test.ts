import { describe, expect, it } from 'vitest';
import type { Ports } from '../../src/ports/ports.ts';
import { ANA, digestOf, plainWorld } from './plain-world.ts';

describe('a release whose push is on its way when it is taken back', () => {
  it('does not come after what took it back', async () => {
    const world = await plainWorld();
    const release = await world.cut(2);
    // The wave has its base; before it is pushed, a rollback runs from its beginning to its end.
    let back: Awaited<ReturnType<typeof world.newest>> | undefined;
    const inTheMiddle: Ports = {
      ...world.ports,
      yaml: {
        ...world.ports.yaml,
        edit: async (text, keys) => {
          const edited = await world.ports.yaml.edit(text, keys);
          if (back === undefined && (await world.state(release)).started) {
            back = release;
            await world.ask(ANA, { kind: 'rollback', environment: 'prod', services: [], release });
            back = await world.newest();
            await world.settle(back);
          }
          return edited;
        },
      },
    };
    await world.reconcile(release, inTheMiddle);
    expect(await world.inGit()).toBe(digestOf(1));
    expect((await world.state(release)).ended?.outcome).toBe('rolled-back');
  });

  it('does not even ask for what it had intended before', async () => {
    const world = await plainWorld();
    const release = await world.cut(2);
    world.repository.faultPushesTo('main', { kind: 'cut', when: 'before' });
    await world.reconcile(release);
    world.repository.faultPushesTo('main', undefined);
    const asked: string[] = [];
    const overtaken: Ports = {
      ...world.ports,
      git: {
        ...world.ports.git,
        commit: async (request) => {
          asked.push(request.operation);
          return world.ports.git.commit(request);
        },
      },
      ledger: {
        ...world.ports.ledger,
        append: async (batch) => {
          if (batch.writes.length === 0 && Object.keys(batch.fences).length > 0)
            await world.ask(ANA, { kind: 'rollback', environment: 'prod', services: [], release });
          return world.ports.ledger.append(batch);
        },
      },
    };
    await world.reconcile(release, overtaken);
    expect((await world.state(release)).takenBack).toBeDefined();
    expect(asked).toEqual([]);
  });
});
