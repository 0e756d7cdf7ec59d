import { describe, expect, it } from 'vitest';
import { openHttpWorld } from '../world.ts';

const RELEASES = { channel: 'releases' };

describe('a slash command', () => {
  it('is written down with who asked, where, and where the answer goes; then it is rung for', async () => {
    await using world = await openHttpWorld();
    const { workspace, stores, idOf } = world;
    expect(await workspace.person('ana').slash('/release', 'cut staging', RELEASES)).toEqual({
      kind: 'accepted',
    });
    const [accepted] = stores.accepted;
    expect(accepted).toMatchObject({
      via: 'slack',
      principal: `slack:${workspace.teamId}:${idOf('ana')}`,
      channel: idOf('releases'),
      request: { kind: 'cut', environment: 'staging', services: [] },
      replyTo: { kind: 'slack', user: idOf('ana'), channel: idOf('releases') },
    });
    await workspace.waitFor(() => stores.rung.length > 0);
    expect(stores.rung).toEqual([{ kind: 'request', id: accepted?.id }]);
  });

  it('that asks for recovery is rung for urgently', async () => {
    await using world = await openHttpWorld();
    await world.workspace.person('cleo').slash('/release', 'abort prod', RELEASES);
    await world.workspace.waitFor(() => world.stores.rung.length > 0);
    expect(world.stores.rung[0]).toMatchObject({ urgent: true });
  });

  it('is read as a phone types it', async () => {
    await using world = await openHttpWorld();
    const typed = '\u00a0Cut\u2003DEV  orders\u2011api@1.8.0\u2013rc.1 ';
    await world.workspace.person('ana').slash('/release', typed, RELEASES);
    expect(world.stores.accepted[0]?.request).toMatchObject({
      kind: 'cut',
      environment: 'dev',
      services: [{ service: 'orders-api', version: { kind: 'tag', tag: '1.8.0-rc.1' } }],
    });
  });

  it('that is not understood is answered at once, with what would be, and not written down', async () => {
    await using world = await openHttpWorld();
    const ana = world.workspace.person('ana');
    await ana.slash('/release', 'cutt staging', RELEASES);
    await ana.slash('/release', 'cut stagin', RELEASES);
    const [verb, environment] = ana.seesEphemerals('releases');
    expect(verb?.visible).toContain('/release does not know "cutt". Did you mean `/release cut staging`?');
    expect(environment?.visible).toMatch(/no environment stagin\. Did you mean `staging`\?/);
    expect(environment?.visible).toContain(
      'Usage: `/release cut &lt;env&gt; [service@version …] [train=name] [migrations=path] [--hotfix INC-n] [--dry-run]`',
    );
    expect(world.stores.accepted).toEqual([]);
  });
});

describe('a command whose answer is a form', () => {
  it('opens a modal at once, which the answer fills', async () => {
    await using world = await openHttpWorld();
    const { workspace, stores, slack } = world;
    const cleo = workspace.person('cleo');
    await cleo.slash('/rollback', 'orders-api', RELEASES);
    const loading = await workspace.waitFor(() => cleo.openView());
    expect(loading).toMatchObject({ title: 'Roll back', submit: undefined });
    await workspace.waitFor(() => stores.rung.length > 0);
    const address = stores.accepted[0]?.replyTo ?? { kind: 'none' };
    const message = { text: 'plan', blocks: [{ kind: 'header' as const, text: 'Roll back in prod' }] };
    const form = {
      title: 'Roll back',
      message,
      inputs: [],
      submit: { label: 'Roll back 2 services', does: { kind: 'openHome' as const } },
    };
    await slack.chat.reply(address, { kind: 'form', form });
    expect(cleo.openView()).toMatchObject({
      visible: 'Roll back in prod',
      submit: 'Roll back 2 services',
      id: loading.id,
    });
    expect(cleo.seesEphemerals('releases')).toEqual([]);
  });

  it('is answered by a message when the modal could not open or was closed', async () => {
    await using world = await openHttpWorld({ timing: { triggerMs: 0 } });
    const { workspace, stores, slack } = world;
    const cleo = workspace.person('cleo');
    await cleo.slash('/rollback', 'orders-api', RELEASES);
    await workspace.waitFor(() => stores.rung.length > 0);
    expect(cleo.openView()).toBeUndefined();
    const form = {
      title: 'Roll back',
      message: { text: 'plan', blocks: [{ kind: 'header' as const, text: 'The plan' }] },
      inputs: [{ kind: 'text' as const, field: 'saw', label: 'Note' }],
      submit: { label: 'Do it', does: { kind: 'rollback' as const, environment: 'prod', services: [] } },
    };
    await slack.chat.reply(stores.accepted[0]?.replyTo ?? { kind: 'none' }, { kind: 'form', form });
    const [card] = cleo.seesEphemerals('releases');
    expect(card?.visible).toContain('The plan');
    await cleo.choose({ channel: 'releases', text: 'The plan', input: 'Note', value: 'aborted at 25 %' });
    await cleo.click({ channel: 'releases', text: 'The plan', button: 'Do it' });
    expect(stores.accepted[1]?.request).toMatchObject({
      kind: 'rollback',
      environment: 'prod',
      saw: 'aborted at 25 %',
    });
  });

  it('is acknowledged in time although Slack is slow to open the modal', async () => {
    await using world = await openHttpWorld();
    const { workspace, stores } = world;
    workspace.faults.next(1, { method: 'views.open', fault: { kind: 'never_answer', commits: true } });
    const slash = workspace.person('cleo').slash('/rollback', 'orders-api', RELEASES);
    expect(await slash).toEqual({ kind: 'accepted' });
    expect(workspace.deliveries.at(-1)?.tookMs).toBeLessThan(1_000);
    // It opened after all: the name of the modal was known before Slack told its id.
    await workspace.waitFor(() => stores.rung.length > 0);
    await world.slack.chat.reply(stores.accepted[0]?.replyTo ?? { kind: 'none' }, {
      kind: 'message',
      message: { text: 'x', blocks: [{ kind: 'header', text: 'Filled' }] },
    });
    expect(workspace.person('cleo').openView()?.visible).toBe('Filled');
  });
});

describe('a command that cannot be written down', () => {
  it('is told so at once, with what to do by hand, also in the modal that opened', async () => {
    await using world = await openHttpWorld();
    const { workspace, stores } = world;
    stores.state = 'down';
    const cleo = workspace.person('cleo');
    expect(await cleo.slash('/rollback', 'orders-api', RELEASES)).toEqual({ kind: 'accepted' });
    expect(cleo.seesEphemerals('releases')[0]?.visible).toBe(
      'Not accepted: the store is gone. By hand: `signalbox rollbackPlan`',
    );
    await workspace.waitFor(() => cleo.openView()?.visible.includes('Not accepted'));
    expect(stores.rung).toEqual([]);
  });

  it('is told so in time when the store says nothing, and is taken back if it was written down after that', async () => {
    await using world = await openHttpWorld();
    const { workspace, stores } = world;
    stores.state = 'hangs';
    const ana = workspace.person('ana');
    expect(await ana.slash('/release', 'cut staging', RELEASES)).toEqual({ kind: 'accepted' });
    expect(workspace.deliveries.at(-1)?.tookMs).toBeLessThan(2_500);
    expect(ana.seesEphemerals('releases')[0]?.visible).toMatch(/Not accepted.*It may still be done/s);
    stores.wake();
    await workspace.waitFor(() => stores.finished.length > 0);
    expect(stores.finished).toEqual([stores.accepted[0]?.id]);
    expect(stores.rung).toEqual([]);
  });
});
