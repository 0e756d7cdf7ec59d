import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../src/errors.ts';
import { ANA, plainWorld } from './plain-world.ts';

describe('asking others for help', () => {
  it('is said once, also when the answer of the channel was lost', async () => {
    const world = await plainWorld();
    world.workspace.failNext({ kind: 'answerLost' }, { method: 'post' });
    const request = { kind: 'askHelp', environment: 'prod', role: 'managers', what: 'approve shop' } as const;
    await expect(world.ask(ANA, request)).rejects.toThrow(UnavailableError);
    await world.carryOut('request-1');
    expect(world.workspace.channels.get('CPROD')?.posts).toHaveLength(1);
    expect(world.said()).toEqual([expect.stringMatching(/^Asked /)]);
  });
});
