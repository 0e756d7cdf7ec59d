import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../src/jobs/read-state.ts';
import { digestOf, plainWorld, SERVICE } from './plain-world.ts';

/** What is known of the one service after the first look. */
async function adopted(options: Parameters<typeof plainWorld>[0]) {
  const { ports } = await plainWorld(options);
  const { state } = await readEnvironment(ports, 'prod');
  return state.known[SERVICE]?.map(({ standing, content }) => [standing, content.images[SERVICE]?.digest]);
}

describe('a service at first sight', () => {
  it('is adopted by what its pods report, whether or not the registry knows it', async () => {
    expect(await adopted({})).toEqual([['adopted', digestOf(1)]]);
    expect(await adopted({ registryKnows: false })).toEqual([['adopted', digestOf(1)]]);
  });

  it('is adopted without pods once the registry tells what they will report', async () => {
    expect(await adopted({ replicas: 0 })).toEqual([['adopted', digestOf(1)]]);
    expect(await adopted({ replicas: 0, registryKnows: false })).toBeUndefined();
  });
});
