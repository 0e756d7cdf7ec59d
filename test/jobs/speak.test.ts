import { describe, expect, it } from 'vitest';
import { releaseStream } from '../../src/domain/ids.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { ANA, plainWorld } from './plain-world.ts';

describe('a release that has ended', () => {
  it('stays open when it is taken back while its end is being said', async () => {
    const world = await plainWorld();
    const release = await world.cut(2);
    await world.settle(release);
    // Its last words are to be said again, and in the middle of that somebody takes it back.
    await world.ports.ledger.append({ writes: [], fences: {}, raises: {}, opens: [releaseStream(release)] });
    const ports: Ports = {
      ...world.ports,
      ledger: {
        ...world.ports.ledger,
        append: async (batch) => {
          if (batch.closes)
            await world.ask(ANA, { kind: 'rollback', environment: 'prod', services: [], release });
          return world.ports.ledger.append(batch);
        },
      },
    };
    await world.speak(release, ports);
    expect([...world.unfinished.keys()]).toContain(releaseStream(release));
    expect(world.rung).toContainEqual({ kind: 'speak', subject: release });
  });
});
