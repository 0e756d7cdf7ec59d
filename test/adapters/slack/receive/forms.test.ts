import { describe, expect, it } from 'vitest';
import type { Form } from '../../../../src/ports/message.ts';
import { openHttpWorld, type SlackWorld } from '../world.ts';

const services = ['orders-api', 'payments', 'web'].map((value) => ({ value, label: value }));

const CUT: Form = {
  title: 'Cut prod',
  message: { text: 'Cut prod', blocks: [{ kind: 'header', text: 'What would go' }] },
  inputs: [
    { kind: 'tick', field: 'leaveOut', label: 'Leave out', options: services, initial: ['web'] },
    { kind: 'text', field: 'train', label: 'Train', optional: true, initial: 'checkout' },
  ],
  submit: { label: 'Cut it', does: { kind: 'cut', environment: 'prod', services: [], leaveOut: [] } },
};

const INCIDENT: Form = {
  title: 'Open an incident',
  message: { text: 'Open', blocks: [] },
  inputs: [
    { kind: 'text', field: 'title', label: 'What happens', initial: 'orders-api 5xx' },
    {
      kind: 'choose',
      field: 'environment',
      label: 'Where',
      options: [{ value: 'prod', label: 'prod' }],
      optional: true,
    },
  ],
  submit: { label: 'Open', does: { kind: 'incidentOpen', title: 'untitled', environment: 'prod' } },
};

/** Opens a form for somebody, as the answer to a command of theirs. */
async function show({ workspace, stores, slack }: SlackWorld, form: Form) {
  const ana = workspace.person('ana');
  await ana.slash('/incident', 'open', { channel: 'releases' });
  await workspace.waitFor(() => stores.rung.length > 0);
  await slack.chat.reply(stores.accepted[0]?.replyTo ?? { kind: 'none' }, { kind: 'form', form });
  stores.accepted.length = 0;
  return ana;
}

describe('a form in a modal', () => {
  it('asks for what it was made with and what was filled in', async () => {
    await using world = await openHttpWorld();
    const ana = await show(world, CUT);
    expect(await ana.submit({ 'Leave out': ['payments', 'web'], Train: null })).toEqual({ kind: 'closed' });
    expect(world.stores.accepted).toMatchObject([
      {
        principal: `slack:${world.workspace.teamId}:${world.idOf('ana')}`,
        channel: world.idOf('releases'),
        request: { kind: 'cut', environment: 'prod', services: [], leaveOut: ['payments', 'web'] },
        replyTo: { kind: 'slack', user: world.idOf('ana'), channel: world.idOf('releases') },
      },
    ]);
    expect(world.stores.accepted[0]?.request).not.toHaveProperty('train');
  });

  it('keeps what nobody changed', async () => {
    await using world = await openHttpWorld();
    const ana = await show(world, CUT);
    await ana.submit();
    expect(world.stores.accepted[0]?.request).toMatchObject({ leaveOut: ['web'], train: 'checkout' });
  });

  it('says under the field what is wrong with it', async () => {
    await using world = await openHttpWorld();
    const ana = await show(world, INCIDENT);
    const sent = await ana.submit({ 'What happens': 'x'.repeat(200) });
    expect(sent).toMatchObject({ kind: 'errors', errors: { 'field.title': expect.stringContaining('150') } });
    expect(world.stores.accepted).toEqual([]);
    expect(await ana.submit({ 'What happens': 'shorter', Where: null })).toEqual({ kind: 'closed' });
    expect(world.stores.accepted[0]?.request).toEqual({ kind: 'incidentOpen', title: 'shorter' });
  });

  it('has more choices than there may be boxes', async () => {
    await using world = await openHttpWorld();
    const options = Array.from({ length: 60 }, (_, i) => ({
      value: `service-${i}`,
      label: `Service ${i}`,
      hint: 'tier 1',
    }));
    const ana = await show(world, {
      ...CUT,
      inputs: [{ kind: 'tick', field: 'leaveOut', label: 'Leave out', options }],
    });
    await ana.submit({ 'Leave out': ['service-3', 'service-59'] });
    expect(world.stores.accepted[0]?.request).toMatchObject({ leaveOut: ['service-3', 'service-59'] });
  });

  it('is told in the modal when it cannot be written down', async () => {
    await using world = await openHttpWorld();
    const ana = await show(world, CUT);
    world.stores.state = 'down';
    expect(await ana.submit()).toEqual({ kind: 'updated' });
    expect(ana.openView()?.visible).toContain('Not accepted');
  });

  it('that nobody knows any more explains itself', async () => {
    await using world = await openHttpWorld();
    const ana = await show(world, CUT);
    const view = world.workspace.state().modals.get(ana.id)?.at(-1)?.content;
    if (view?.type === 'modal') view.private_metadata = JSON.stringify({ does: 'forged' });
    expect(await ana.submit()).toEqual({ kind: 'updated' });
    expect(ana.openView()?.visible).toContain('This form is too old');
    expect(world.stores.accepted).toEqual([]);
  });
});

describe('a form as a card', () => {
  it('says what is wrong beside it', async () => {
    await using world = await openHttpWorld();
    const { workspace, slack, idOf } = world;
    const ana = workspace.person('ana');
    const replyTo = { kind: 'slack' as const, user: idOf('ana'), channel: idOf('releases') };
    await slack.chat.reply(replyTo, { kind: 'form', form: { ...INCIDENT, message: CUT.message } });
    const card = { channel: 'releases', text: 'What would go' };
    await ana.choose({ ...card, input: 'What happens', value: 'x'.repeat(200) });
    await ana.click({ ...card, button: 'Open' });
    const told = await workspace.waitFor(() =>
      ana.seesEphemerals('releases').find(({ visible }) => visible.includes('Not sent')),
    );
    expect(told.visible).toContain('150');
    expect(world.stores.accepted).toEqual([]);
  });
});
