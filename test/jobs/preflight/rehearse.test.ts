import { describe, expect, it } from 'vitest';
import { plannedGate } from '../../domain/gate/planned.ts';
import { wordsOf } from '../../views/fixtures.ts';
import { ANA, plainWorld, SERVICE } from '../plain-world.ts';

const QUERY = 'errors{service="{{service}}",namespace="{{namespace}}",hash="{{pod_hash}}"}';

describe('a rehearsal', () => {
  it('asks every gate once of what runs now, tells those that cannot tell first, and moves nothing', async () => {
    const world = await plainWorld({
      environment: {
        gates: [
          plannedGate({ name: 'errors', query: QUERY }),
          plannedGate({ name: 'misspelt', query: 'erors{{{pod_hash}}}' }),
        ],
      },
    });
    const before = await world.ports.ledger.since(0, 1000);
    const version = { kind: 'tag' as const, tag: '1.2.0' };
    await world.ask(ANA, {
      kind: 'rehearse',
      environment: 'prod',
      services: [{ service: SERVICE, version }],
    });
    const words = wordsOf(world.workspace.told.at(-1)?.answer);
    expect(words).toMatch(/Rehearsal for prod: 1 of 2 gates could not tell/);
    expect(words).toMatch(
      /misspelt` of orders-api COULD NOT BE MEASURED[\s\S]*errors` of orders-api would pass: 0\.1 % &lt; 2%/,
    );
    expect(await world.ports.ledger.since(0, 1000)).toEqual(before);
  });

  it('says what refuses it', async () => {
    const world = await plainWorld();
    const version = { kind: 'tag' as const, tag: '9.9.9' };
    await world.ask(ANA, {
      kind: 'rehearse',
      environment: 'prod',
      services: [{ service: SERVICE, version }],
    });
    expect(wordsOf(world.workspace.told.at(-1)?.answer)).toContain('has no 9.9.9');
  });
});
