import { describe, expect, it } from 'vitest';
import { readEvent } from '../../../../src/adapters/slack/receive/read-event.ts';

const parts = {
  grammar: { commands: [], vocabulary: { environments: [], prefix: '' } },
  incidents: { pinEmoji: 'pushpin', hears: () => true },
};

function read(event: Record<string, unknown>) {
  const { heard } = readEvent(
    { team_id: 'T1', event_id: 'Ev1', event: { type: 'message', channel: 'C1', ...event } },
    parts,
  );
  return heard.kind === 'asked' ? heard.asked.request : heard.kind;
}

const said = { ts: '1.0', user: 'U1', text: 'hello' };

describe('an event of a message', () => {
  it.each([
    ['a file with words', { ...said, subtype: 'file_share' }, 'posted'],
    ['a reply shown in the channel', { ...said, subtype: 'thread_broadcast' }, 'posted'],
    ['a joining', { ...said, subtype: 'channel_join' }, undefined],
    ['a bot', { ...said, bot_id: 'B1' }, undefined],
    ['a bot of the old kind', { ts: '1.0', text: 'x', subtype: 'bot_message' }, undefined],
    ['a direct message', { ...said, channel_type: 'im' }, undefined],
    [
      'an edit',
      { ts: '2.0', subtype: 'message_changed', message: { ...said, text: 'new' }, previous_message: said },
      'edited',
    ],
    [
      'a preview that was added',
      { ts: '2.0', subtype: 'message_changed', message: said, previous_message: said },
      undefined,
    ],
    [
      'an edit by a bot',
      { ts: '2.0', subtype: 'message_changed', message: { ...said, bot_id: 'B1' } },
      undefined,
    ],
    [
      'the parent of a thread that was deleted',
      {
        ts: '2.0',
        subtype: 'message_changed',
        message: { ...said, subtype: 'tombstone' },
        previous_message: said,
      },
      'deleted',
    ],
    [
      'a deletion',
      { ts: '2.0', subtype: 'message_deleted', deleted_ts: '1.0', previous_message: said },
      'deleted',
    ],
    ['a deletion that names nobody', { ts: '2.0', subtype: 'message_deleted', deleted_ts: '1.0' }, 'deleted'],
    [
      'the deletion of a message of a bot',
      {
        ts: '2.0',
        subtype: 'message_deleted',
        deleted_ts: '1.0',
        previous_message: { ...said, bot_id: 'B1' },
      },
      undefined,
    ],
  ])('%s', (_, event, change) => {
    if (change === undefined) expect(read(event)).toBe('ignored');
    else expect(read(event)).toMatchObject({ kind: 'messageSeen', ts: '1.0', channel: 'C1', change });
  });

  it('keeps no text of what was deleted', () => {
    const deleted = read({
      ts: '2.0',
      subtype: 'message_deleted',
      deleted_ts: '1.0',
      previous_message: said,
    });
    expect(deleted).not.toHaveProperty('text');
  });
});

describe('a reaction', () => {
  it.each([
    ['pushpin', true],
    ['pushpin::skin-tone-3', true],
    ['pushpin2', false],
  ])('%s', (reaction, pins) => {
    const item = { type: 'message', channel: 'C1', ts: '1.0' };
    expect(read({ type: 'reaction_added', user: 'U1', reaction, item })).toEqual(
      pins ? { kind: 'pinMessage', how: 'pin', channel: 'C1', ts: '1.0' } : 'ignored',
    );
  });
});
