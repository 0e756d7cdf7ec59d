import { describe, expect, it } from 'vitest';
import type { Request } from '../../../../src/domain/request.ts';
import { mrkdwn } from '../../../../src/domain/text/mrkdwn.ts';
import type { Button } from '../../../../src/ports/message.ts';
import { openHttpWorld, type SlackWorld } from '../world.ts';

const approve: Request = {
  kind: 'approve',
  release: 'prod/checkout-2026-11-20.3',
  seen: { planHash: 'a41c', state: 's' },
};

/** Posts a board with buttons. */
async function board({ slack, idOf }: SlackWorld, ...buttons: Button[]): Promise<string> {
  const blocks = [
    { kind: 'section' as const, text: mrkdwn`checkout .3` },
    { kind: 'buttons' as const, buttons },
  ];
  const posted = await slack.chat.post({
    channel: idOf('releases'),
    operation: 'op',
    message: { text: 'board', blocks },
  });
  if (posted.kind !== 'posted') throw new Error(posted.reason);
  return posted.ts;
}

const HERE = { channel: 'releases', text: 'board' };

describe('a button', () => {
  it('asks for what it was made with, for whoever pressed it', async () => {
    await using world = await openHttpWorld();
    const ts = await board(world, { label: 'Approve', does: approve });
    expect(await world.workspace.person('ben').click({ ...HERE, button: 'Approve' })).toEqual({
      kind: 'delivered',
    });
    expect(world.stores.accepted).toMatchObject([
      {
        principal: `slack:${world.workspace.teamId}:${world.idOf('ben')}`,
        request: approve,
        replyTo: { user: world.idOf('ben'), message: { channel: world.idOf('releases'), ts } },
      },
    ]);
  });

  it('puts nothing on the wire that says what it does', async () => {
    await using world = await openHttpWorld();
    await board(world, { label: 'Approve', does: approve });
    const sent = JSON.stringify(world.workspace.requests.at(-1)?.args);
    expect(sent).toContain('press.1.0');
    expect(sent).not.toMatch(/a41c|approve|prod\/checkout/);
  });

  it('pressed by two people, and twice by one, asks each time', async () => {
    await using world = await openHttpWorld();
    await board(world, { label: 'Approve', does: approve });
    for (const name of ['ben', 'cleo', 'ben'])
      await world.workspace.person(name).click({ ...HERE, button: 'Approve' });
    expect(new Set(world.stores.accepted.map(({ id }) => id)).size).toBe(3);
  });

  it('asks first where it must, and does nothing when the person thinks better of it', async () => {
    await using world = await openHttpWorld();
    const confirm = { title: 'Abort', text: '3 services', yes: 'Abort', no: 'Leave it' };
    await board(world, { label: 'Abort…', style: 'danger', does: { kind: 'abort', release: '.3' }, confirm });
    const ana = world.workspace.person('ana');
    expect(await ana.click({ ...HERE, button: 'Abort…', confirm: 'deny' })).toEqual({ kind: 'denied' });
    expect(world.stores.accepted).toEqual([]);
    await ana.click({ ...HERE, button: 'Abort…', confirm: 'accept' });
    expect(world.stores.accepted).toHaveLength(1);
  });

  it('that only opens an address asks for nothing', async () => {
    await using world = await openHttpWorld();
    await board(world, { label: 'Query', url: 'https://prometheus.example.com' });
    expect(await world.workspace.person('ana').click({ ...HERE, button: 'Query' })).toEqual({
      kind: 'delivered',
    });
    expect(world.stores.accepted).toEqual([]);
  });

  it('whose id nobody knows any more explains itself', async () => {
    await using world = await openHttpWorld();
    const { workspace, slack, idOf } = world;
    const element = {
      type: 'button',
      action_id: 'press.0.0',
      value: 'forged',
      text: { type: 'plain_text', text: 'Go' },
    };
    const blocks = [{ type: 'actions', elements: [element] }];
    await slack.clients.fast.apiCall('chat.postMessage', {
      channel: idOf('releases'),
      text: 'old board',
      blocks,
    });
    const ben = workspace.person('ben');
    await ben.click({ channel: 'releases', text: 'old board', button: 'Go' });
    const told = await workspace.waitFor(() => ben.seesEphemerals('releases')[0]);
    expect(told.visible).toContain('This button is too old');
    expect(world.stores.accepted).toEqual([]);
  });

  it('whose answer is a form opens a modal', async () => {
    await using world = await openHttpWorld();
    await board(world, { label: 'Roll back…', does: { kind: 'rollbackPlan', environment: 'prod' } });
    const cleo = world.workspace.person('cleo');
    await cleo.click({ ...HERE, button: 'Roll back…' });
    const view = await world.workspace.waitFor(() => cleo.openView());
    expect(view.title).toBe('Roll back');
    expect(world.stores.accepted[0]?.replyTo).toMatchObject({ view: view.view.content.external_id });
  });

  it('in a modal is answered in that modal', async () => {
    await using world = await openHttpWorld();
    const { workspace, stores, slack } = world;
    const cleo = workspace.person('cleo');
    await cleo.slash('/rollback', '', { channel: 'releases' });
    await workspace.waitFor(() => stores.rung.length === 1);
    const take: Button = { label: 'Take back too', does: { kind: 'rollbackPlan', target: 'web' } };
    const message = { text: 'plan', blocks: [{ kind: 'buttons' as const, buttons: [take] }] };
    await slack.chat.reply(stores.accepted[0]?.replyTo ?? { kind: 'none' }, { kind: 'message', message });
    await cleo.click({ view: 'modal', button: 'Take back too' });
    expect(stores.accepted[1]).toMatchObject({
      request: take.does,
      replyTo: { view: stores.accepted[0]?.replyTo.kind === 'slack' ? stores.accepted[0].replyTo.view : '' },
    });
    await slack.chat.reply(stores.accepted[1]?.replyTo ?? { kind: 'none' }, {
      kind: 'message',
      message: { text: 'new', blocks: [{ kind: 'header', text: 'The new plan' }] },
    });
    expect(cleo.openView()?.visible).toBe('The new plan');
  });

  it('in an App Home is answered directly, and the home stays', async () => {
    await using world = await openHttpWorld();
    const { workspace, stores, slack, idOf } = world;
    const button: Button = { label: 'Promote', does: { kind: 'promote', release: '.3' } };
    const message = { text: 'home', blocks: [{ kind: 'buttons' as const, buttons: [button] }] };
    await slack.chat.publishHome(`slack:${workspace.teamId}:${idOf('ana')}`, message);
    await workspace.person('ana').click({ view: 'home', button: 'Promote' });
    expect(stores.accepted[0]?.replyTo).toEqual({ kind: 'slack', user: idOf('ana') });
  });

  it('is told beside the board when it cannot be written down', async () => {
    await using world = await openHttpWorld();
    await board(world, { label: 'Approve', does: approve });
    world.stores.state = 'down';
    const ben = world.workspace.person('ben');
    expect(await ben.click({ ...HERE, button: 'Approve' })).toEqual({ kind: 'delivered' });
    const told = await world.workspace.waitFor(() => ben.seesEphemerals('releases')[0]);
    // Not even what the button does can be found out.
    expect(told.visible).toContain('By hand: `signalbox help`');
    expect(ben.sees('releases', { text: 'checkout .3' })).toBeDefined();
  });
});
