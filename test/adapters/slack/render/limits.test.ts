import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  loadingModal,
  renderCard,
  renderHome,
  renderModal,
} from '../../../../src/adapters/slack/render/form.ts';
import { renderMessage, requestsOf } from '../../../../src/adapters/slack/render/message.ts';
import { mrkdwn } from '../../../../src/domain/text/mrkdwn.ts';
import type { Block } from '../../../../src/ports/message.ts';
import { checkBlocks } from '../../../../src/sandbox/workspace/blocks/check-blocks.ts';
import { checkView } from '../../../../src/sandbox/workspace/blocks/view.ts';
import { anyForm, anyMessage } from './messages.ts';

const idOf = () => 'a'.repeat(43);

describe('any message, however large', () => {
  it('is drawn inside every limit of Slack', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const { text, blocks } = renderMessage(message, idOf);
        expect(checkBlocks(blocks, 'message')).toMatchObject({ kind: 'valid' });
        expect(text.trim().length).toBeGreaterThan(0);
        expect(text.length).toBeLessThanOrEqual(1000);
      }),
      { numRuns: 150 },
    );
  });

  it('is drawn inside every limit as an App Home', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        expect(checkView(renderHome(message, idOf), 'home')).toMatchObject({ kind: 'valid' });
      }),
      { numRuns: 60 },
    );
  });

  it('puts nothing of a request on the wire but its opaque id', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const values = JSON.stringify(renderMessage(message, idOf).blocks).match(/"value":"([^"]*)"/g) ?? [];
        expect(new Set(values)).toEqual(new Set(values.length ? [`"value":"${idOf()}"`] : []));
      }),
      { numRuns: 40 },
    );
  });
});

describe('any form, however large', () => {
  it('is drawn inside every limit as a modal and as a card', () => {
    fc.assert(
      fc.property(anyForm, (form) => {
        const place = { externalId: 'sb-1', channel: 'C1', idOf };
        expect(checkView(renderModal(form, place), 'modal')).toMatchObject({ kind: 'valid' });
        expect(checkBlocks(renderCard(form, idOf).blocks, 'message')).toMatchObject({ kind: 'valid' });
        expect(checkView(loadingModal(form.title, place), 'modal')).toMatchObject({ kind: 'valid' });
      }),
      { numRuns: 100 },
    );
  });
});

describe('a board with more than one message holds', () => {
  const lines: Block[] = Array.from({ length: 80 }, (_, i) => ({
    kind: 'section',
    text: mrkdwn`service-${i}`,
  }));
  const board = {
    text: 'board',
    blocks: [
      ...lines,
      { kind: 'buttons' as const, buttons: [{ label: 'Abort', does: { kind: 'openHome' as const } }] },
    ],
  };

  it('keeps its buttons and says how many parts are left out, where they are missing', () => {
    const { blocks } = renderMessage(board, idOf);
    expect(blocks).toHaveLength(50);
    expect(blocks.at(-1)).toMatchObject({ type: 'actions' });
    expect(blocks.at(-2)).toMatchObject({
      type: 'context',
      elements: [{ text: '… 32 more parts are left out: Slack shows no more in one place.' }],
    });
    expect(blocks[47]).toMatchObject({ text: { text: 'service-47' } });
  });

  it('stays inside the total over all blocks although each block is small enough', () => {
    const wordy = {
      text: 'w',
      blocks: lines.map((_, i) => ({ kind: 'section' as const, text: mrkdwn`${i} ${'x'.repeat(2000)}` })),
    };
    const drawn = JSON.stringify(renderMessage(wordy, idOf).blocks);
    expect(drawn.match(/x{2000}/g)).toHaveLength(5);
    expect(drawn).toContain('75 more parts are left out');
  });
});

describe('a board of many short lines', () => {
  it('counts what a block costs beside its text: Slack refused 11,341 characters in many blocks', () => {
    const blocks = Array.from({ length: 49 }, (_, i) => ({
      kind: 'section' as const,
      text: mrkdwn`${i} ${'x'.repeat(230)}`,
    }));
    expect(checkBlocks(renderMessage({ text: 'b', blocks }, idOf).blocks, 'message')).toMatchObject({
      kind: 'valid',
    });
  });
});

describe('a message', () => {
  it('mentions nobody by its lock-screen line', () => {
    const { text } = renderMessage({ text: 'broken by <!channel> & <@U1>', blocks: [] }, idOf);
    expect(text).toBe('broken by &lt;!channel&gt; &amp; &lt;@U1&gt;');
  });

  it('tells the requests of its buttons, those beside sections among them', () => {
    const does = { kind: 'openHome' as const };
    expect(
      requestsOf([
        { kind: 'section', text: mrkdwn`x`, button: { label: 'a', does } },
        {
          kind: 'buttons',
          buttons: [
            { label: 'b', url: 'https://x.example' },
            { label: 'c', does: { kind: 'confirmRestore' } },
          ],
        },
      ]),
    ).toEqual([{ kind: 'openHome' }, { kind: 'confirmRestore' }]);
  });

  it('keeps the ids of its blocks and buttons from one edit to the next', () => {
    const draw = (label: string) =>
      renderMessage(
        {
          text: 't',
          blocks: [
            { kind: 'divider' },
            { kind: 'buttons', buttons: [{ label, does: { kind: 'openHome' } }] },
          ],
        },
        idOf,
      );
    expect(draw('Approve').blocks[1]).toMatchObject({
      block_id: 'b1',
      elements: [{ action_id: 'press.1.0' }],
    });
    expect(draw('Abort').blocks[1]).toMatchObject({ block_id: 'b1', elements: [{ action_id: 'press.1.0' }] });
  });
});
