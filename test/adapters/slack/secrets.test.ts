import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/ports/message.ts';
import { openHttpWorld } from './world.ts';

const message: Message = { text: 'x', blocks: [{ kind: 'header', text: 'x' }] };

/** Everything of an error that a log or a person could be shown. */
function everything(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = Object.getOwnPropertyNames(error).map((key) => `${key}=${String(Reflect.get(error, key))}`);
  return [error.stack ?? '', ...own, everything(error.cause ?? '')].join('\n');
}

describe('tokens, signing secrets and response addresses', () => {
  it('stand in no log line and no error, whatever goes wrong', async () => {
    await using world = await openHttpWorld();
    const { workspace, stores, slack, idOf, lines } = world;
    const errors: string[] = [];
    const meet = async (promise: Promise<unknown>) =>
      promise.catch((error: unknown) => errors.push(everything(error)));
    const ana = workspace.person('ana');
    await ana.slash('/release', 'status', { channel: 'releases' });
    const replyTo = stores.accepted[0]?.replyTo ?? { kind: 'none' };
    const responseUrl = replyTo.kind === 'slack' ? (replyTo.responseUrl ?? '') : '';
    expect(responseUrl).toMatch(/^http/);

    const channel = idOf('releases');
    const faults = ['error_500', 'commit_then_500', 'commit_then_reset'] as const;
    for (const kind of faults) {
      workspace.faults.next(1, { method: 'chat.postMessage', fault: { kind } });
      await meet(slack.chat.post({ channel, operation: kind, message }));
    }
    for (let i = 0; i < 8; i += 1) await slack.chat.reply(replyTo, { kind: 'message', message });
    await workspace.raw.send(workspace.raw.sign('{}', { secret: 'wrong' }));
    await workspace.raw.send(workspace.raw.sign('not json', { contentType: 'application/json' }));
    stores.state = 'down';
    await ana.slash('/rollback', 'web', { channel: 'releases' });
    stores.state = 'up';
    await workspace.faults.down();
    await meet(slack.chat.post({ channel, operation: 'down', message }));
    await meet(slack.chat.reply(replyTo, { kind: 'message', message }));
    await meet(slack.identity());
    await workspace.faults.up();

    expect(errors.length).toBeGreaterThan(4);
    expect(lines.length).toBeGreaterThan(3);
    const said = [...errors, ...lines].join('\n');
    const { pathname } = new URL(responseUrl);
    for (const secret of [workspace.tokens.bot, workspace.tokens.app, workspace.signingSecret, pathname]) {
      expect(said).not.toContain(secret);
    }
  });
});
