import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/ports/message.ts';
import { openHttpWorld, openWorld } from './world.ts';

function message(text: string): Message {
  return { text, blocks: [{ kind: 'header', text }] };
}

describe('an answer', () => {
  it('goes to the response address, and another way when that is used up', async () => {
    await using world = await openHttpWorld();
    const { workspace, stores, slack } = world;
    const ana = workspace.person('ana');
    await ana.slash('/release', 'status', { channel: 'releases' });
    const replyTo = stores.accepted[0]?.replyTo ?? { kind: 'none' };
    for (let i = 1; i <= 7; i += 1)
      await slack.chat.reply(replyTo, { kind: 'message', message: message(`answer ${i}`) });
    expect(ana.seesEphemerals('releases').map(({ visible }) => visible)).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((i) => `answer ${i}`),
    );
    expect(workspace.requests.filter(({ method }) => method === 'chat.postEphemeral')).toHaveLength(2);
  });

  it('is given once: a way that may have worked is the last', async () => {
    await using world = await openWorld();
    const { workspace, slack, idOf } = world;
    workspace.faults.next(1, { method: 'chat.postEphemeral', fault: { kind: 'commit_then_500' } });
    const replyTo = { kind: 'slack' as const, user: idOf('ana'), channel: idOf('releases') };
    await expect(
      slack.chat.reply(replyTo, { kind: 'message', message: message('once') }),
    ).rejects.toMatchObject({
      name: 'UnavailableError',
      ambiguous: true,
    });
    expect(workspace.person('ana').seesEphemerals('releases')).toHaveLength(1);
    expect(workspace.requests.some(({ method }) => method === 'conversations.open')).toBe(false);
  });

  it('that nobody can be given ends in the log, not in an error', async () => {
    await using world = await openWorld();
    const replyTo = { kind: 'slack' as const, user: 'UNOBODY', channel: world.idOf('releases') };
    await world.slack.chat.reply(replyTo, { kind: 'message', message: message('to nobody') });
    expect(world.lines.join()).toContain('an answer could not be delivered');
  });

  it('never goes to an address that is not Slack’s', async () => {
    await using world = await openWorld();
    const { workspace, slack, idOf } = world;
    const replyTo = { kind: 'slack' as const, user: idOf('ana'), responseUrl: 'http://127.0.0.1:9/x' };
    await slack.chat.reply(replyTo, { kind: 'message', message: message('directly then') });
    expect(workspace.requests.at(-1)?.method).toBe('chat.postMessage');
  });

  it('of a long file is sent as a file to the person alone', async () => {
    await using world = await openWorld();
    const { workspace, slack, idOf } = world;
    const text = Array.from({ length: 400 }, (_, i) => `14:${i} something happened`).join('\n');
    const replyTo = { kind: 'slack' as const, user: idOf('ana'), channel: idOf('releases') };
    await slack.chat.reply(replyTo, {
      kind: 'file',
      name: 'INC-1.md',
      text,
      message: message('The timeline'),
    });
    const ana = workspace.person('ana');
    expect(ana.seesEphemerals('releases')[0]?.visible).toBe(
      'The timeline\nINC-1.md is in your direct messages with me.',
    );
    const direct = [...workspace.state().channels.values()].find(({ kind }) => kind === 'im');
    expect(direct?.messages.at(-1)?.fileIds).toHaveLength(1);
    expect(direct?.members).toContain(ana.id);
  });

  it('of a long file shows its beginning where files cannot be sent', async () => {
    await using world = await openWorld({ scopes: ['chat:write', 'im:write'] });
    const { workspace, slack, idOf } = world;
    const replyTo = { kind: 'slack' as const, user: idOf('ana'), channel: idOf('releases') };
    const text = `the beginning ${'x'.repeat(5000)}`;
    await slack.chat.reply(replyTo, {
      kind: 'file',
      name: 'INC-1.md',
      text,
      message: message('The timeline'),
    });
    expect(workspace.person('ana').seesEphemerals('releases')[0]?.visible).toMatch(/the beginning x+…/);
  });
});
