import type { Mrkdwn } from '../domain/text/mrkdwn.ts';
import type { Block, Message } from '../ports/message.ts';

/** Names for what mrkdwn holds ids of. */
export interface PlainNames {
  person(id: string): string;
  channel(id: string): string;
  group(id: string): string;
}

/** A message for a terminal: its blocks in lines, without markup and without anything that a terminal would obey. */
export function plainMessage({ text, blocks }: Message, names: PlainNames): string {
  const lines = blocks.map((block) => plainBlock(block, names)).filter((line) => line !== '');
  return lines.length > 0 ? lines.join('\n') : harmless(text);
}

/** Text that people or machines wrote, without characters that move a cursor, hide or reorder. */
export function harmless(text: string): string {
  return text.replace(/(?![\n\t])[\p{Cc}\p{Cf}]/gu, '');
}

/** Mrkdwn without its markup: the escapes undone, ids named, moments in UTC. Nothing is taken off what stands in code. */
export function plainMrkdwn({ mrkdwn }: Mrkdwn, names: PlainNames): string {
  const kept: string[] = [];
  // Escaped text holds no angle bracket of its own: what stands in them is ours, and so is what is put in their place.
  const keep = (text: string) => `<${kept.push(text) - 1}>`;
  const bare = mrkdwn
    .replace(/<([^<>]*)>/g, (_, inside: string) => keep(plainReference(inside, names)))
    .replace(/```\n?([\s\S]*?)\n?```/g, (_, code: string) => keep(unescaped(code)))
    .replace(/`([^`\n]*)`/g, (_, code: string) => keep(unescaped(code)))
    .replace(/(^|[\s(])\*(?! )([^*\n]+)\*(?=[\s).,:;]|$)/gm, '$1$2')
    .replace(/(^|[\s(])_(?! )([^_\n]+)_(?=[\s).,:;]|$)/gm, '$1$2');
  return harmless(unescapedAround(bare, kept));
}

function unescapedAround(bare: string, kept: readonly string[]): string {
  return bare
    .split(/(<\d+>)/)
    .map((part) => (/^<\d+>$/.test(part) ? (kept[Number(part.slice(1, -1))] ?? '') : unescaped(part)))
    .join('');
}

function plainBlock(block: Block, names: PlainNames): string {
  switch (block.kind) {
    case 'header':
      return harmless(block.text);
    case 'section':
      return plainMrkdwn(block.text, names);
    case 'fields':
      return block.fields.map((field) => plainMrkdwn(field, names)).join('\n');
    case 'context':
      return block.texts.map((text) => plainMrkdwn(text, names)).join('\n');
    case 'buttons':
      return '';
    case 'image':
      return harmless(`${block.alt}: ${block.url}`);
    case 'divider':
      return '-'.repeat(40);
  }
}

function plainReference(inside: string, names: PlainNames): string {
  const [target = '', label] = inside.split('|', 2);
  if (target.startsWith('@')) return names.person(target.slice(1));
  if (target.startsWith('#')) return names.channel(target.slice(1));
  if (target.startsWith('!subteam^')) return names.group(target.slice('!subteam^'.length));
  if (target.startsWith('!date^')) return label ?? '';
  if (target.startsWith('!')) return `@${target.slice(1)}`;
  return label === undefined || label === target
    ? unescaped(target)
    : `${unescaped(label)} (${unescaped(target)})`;
}

/** Source: https://docs.slack.dev/messaging/formatting-message-text/#escaping */
function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
