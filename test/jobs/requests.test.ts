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

describe('the status', () => {
  it('says that a faulty catalog is in the way of everything new, until it is mended', async () => {
    const world = await plainWorld();
    const good = (await world.repository.read('main', 'catalog.yaml')) ?? '';
    const write = (text: string) =>
      world.repository.push({ branch: 'main', files: { 'catalog.yaml': text } });
    const shown = async () => {
      await world.catalog.load().catch(() => undefined);
      await world.ask(ANA, { kind: 'status' });
      return JSON.stringify(world.workspace.told.at(-1)?.answer);
    };
    expect(await shown()).not.toContain('catalog');
    await write('services: 3\n');
    expect(await shown()).toMatch(/catalog can't be used.*catalog\.yaml/);
    await write(good);
    expect(await shown()).not.toContain('catalog');
  });
});
