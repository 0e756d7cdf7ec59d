import { describe, expect, it } from 'vitest';
import { receiveOverHttp } from '../../../../src/adapters/slack/receive/over-http.ts';
import { openHttpWorld, openWorld } from '../world.ts';

const now = () => Math.floor(Date.now() / 1000);

async function delivered() {
  const world = await openHttpWorld();
  await world.workspace.person('ana').slash('/release', 'cut staging', { channel: 'releases' });
  const [delivery] = world.workspace.deliveries;
  if (!delivery?.wire) throw new Error('nothing was delivered');
  return { world, delivery, body: delivery.wire.body };
}

describe('the same signed request', () => {
  it('sent again runs once and is acknowledged each time', async () => {
    const { world, delivery } = await delivered();
    await using _ = world;
    const answers = [await world.workspace.raw.replay(delivery), await world.workspace.raw.replay(delivery)];
    expect(answers).toEqual([
      { status: 200, body: '' },
      { status: 200, body: '' },
    ]);
    expect(world.stores.accepted).toHaveLength(1);
    expect(world.stores.rung).toHaveLength(1);
  });
});

describe('a signed request that leaves nothing behind', () => {
  it('is answered once: sent again, it is not told to anybody', async () => {
    await using world = await openHttpWorld();
    await world.workspace.person('ana').slash('/release', 'cutt', { channel: 'releases' });
    const [delivery] = world.workspace.deliveries;
    if (!delivery) throw new Error('nothing was delivered');
    expect(delivery.answer).toMatchObject({ kind: 'acknowledged', body: { response_type: 'ephemeral' } });
    expect(await world.workspace.raw.replay(delivery)).toEqual({ status: 200, body: '' });
  });
});

describe('a request is refused', () => {
  it.each([
    ['signed with another secret', { secret: 'not-the-secret' }],
    ['signed six minutes ago', { timestampSeconds: now() - 360 }],
    ['signed for six minutes from now', { timestampSeconds: now() + 360 }],
  ])('that is %s', async (_, options) => {
    const { world, body } = await delivered();
    await using __ = world;
    const altered = body.replace(/trigger_id=[^&]*/, 'trigger_id=1.2.other');
    const answer = await world.workspace.raw.send(world.workspace.raw.sign(altered, options));
    expect(answer.status).toBe(401);
    expect(world.stores.accepted).toHaveLength(1);
  });

  it('whose body is larger than anything Slack sends', async () => {
    const { world } = await delivered();
    await using _ = world;
    const large = world.workspace.raw.sign(`text=${'x'.repeat(1_100_000)}`);
    expect((await world.workspace.raw.send(large)).status).toBe(413);
  });
});

describe('listening', () => {
  it('is refused without a signing secret: with an empty one anybody could sign', async () => {
    await using world = await openWorld();
    for (const signingSecret of ['', ' ']) {
      const settings = { signingSecret, port: 0, host: '127.0.0.1', routes: [] };
      await expect(receiveOverHttp(world.parts, settings)).rejects.toMatchObject({ name: 'TerminalError' });
    }
  });

  it('is refused on a port that is taken, naming it', async () => {
    await using world = await openHttpWorld();
    const settings = { signingSecret: 'x', port: world.port, host: '127.0.0.1', routes: [] };
    await expect(receiveOverHttp(world.parts, settings)).rejects.toThrow(`port ${world.port}`);
  });

  it('serves the pages it was given, and nothing else', async () => {
    await using world = await openHttpWorld();
    const page = await fetch(`http://127.0.0.1:${world.port}/healthz`);
    expect([page.status, await page.text()]).toEqual([200, 'fine']);
    expect((await fetch(`http://127.0.0.1:${world.port}/other`)).status).toBe(404);
    expect(world.receiving.health()).toEqual({ kind: 'up' });
  });

  it('ends in time although a request hangs', async () => {
    await using world = await openHttpWorld();
    world.stores.state = 'hangs';
    const slash = world.workspace.person('ana').slash('/release', 'cut staging', { channel: 'releases' });
    await world.workspace.waitFor(() => world.workspace.deliveries.length > 0);
    const before = Date.now();
    await world.receiving.close({ withinMs: 100 });
    expect(Date.now() - before).toBeLessThan(1_000);
    expect(world.receiving.health()).toMatchObject({ kind: 'down' });
    await slash;
  });
});
