import { type ComponentProps, memo } from 'react';
import { Message } from 'slack-blocks-to-jsx';
import type { Block } from '../../blocks/block.ts';
import { EMOJI } from '../../emoji.ts';
import { useDesk } from './desk.ts';
import { formatDateToken } from './time.ts';

type RendererProps = ComponentProps<typeof Message>;
type Hooks = NonNullable<RendererProps['hooks']>;
type Names = NonNullable<RendererProps['data']>;

/** Draws blocks that hold no controls: text, tables, pictures, rich text, markdown. */
export function TextBlocks({ blocks }: { blocks: readonly Block[] }) {
  const { screen, goTo } = useDesk();
  const hooks: Hooks = {
    user: ({ id }) => <Mention isMe={id === screen.me.id} name={nameOf(screen.people, id)} />,
    usergroup: ({ id }) => (
      <Mention isMe={false} name={screen.usergroups.find((one) => one.id === id)?.handle ?? id} />
    ),
    channel: ({ id }) => (
      <button type="button" className="channel-link" onClick={() => goTo(id)}>
        #{screen.channels.find((one) => one.id === id)?.name ?? 'a private channel'}
      </button>
    ),
    atHere: () => <Mention isMe name="here" />,
    atChannel: () => <Mention isMe name="channel" />,
    atEveryone: () => <Mention isMe name="everyone" />,
    emoji: ({ name }, parse) => <span title={`:${name}:`}>{EMOJI[name] ?? parse({ name })}</span>,
    date: (token) => <Moment {...token} />,
  };
  const data: Names = {
    users: screen.people.map(({ id, realName }) => ({ id, name: realName })),
    channels: screen.channels.map(({ id, name }) => ({ id, name })),
    user_groups: screen.usergroups.map(({ id, handle }) => ({ id, name: handle })),
  };
  // The renderer keeps the names it was first given, so it starts anew when people or channels come.
  const key = `${screen.people.length} ${screen.channels.length} ${screen.me.id}`;
  return <Rendered key={key} blocks={blocks} data={data} hooks={hooks} />;
}

const Rendered = memo(
  ({ blocks, data, hooks }: { blocks: readonly Block[]; data: Names; hooks: Hooks }) => (
    <Message
      withoutWrapper
      name=""
      logo=""
      data={data}
      hooks={hooks}
      // The renderer has types of its own for the same JSON.
      blocks={blocks.map(forRenderer) as RendererProps['blocks']}
    />
  ),
  (before, after) => JSON.stringify(before.blocks) === JSON.stringify(after.blocks),
);

function Mention({ name, isMe }: { name: string; isMe: boolean }) {
  return <span className={isMe ? 'mention mention-me' : 'mention'}>@{name}</span>;
}

function Moment(token: { timestamp: string; format: string; link: string | null; fallback: string }) {
  const moment = new Date(Number(token.timestamp) * 1000);
  if (Number.isNaN(moment.getTime())) return <span>{token.fallback}</span>;
  const written = (
    <time dateTime={moment.toISOString()} title={moment.toLocaleString()}>
      {formatDateToken(Number(token.timestamp), token.format)}
    </time>
  );
  return token.link ? <a href={token.link}>{written}</a> : written;
}

function nameOf(people: readonly { id: string; realName: string }[], id: string): string {
  return people.find((person) => person.id === id)?.realName ?? id;
}

/** What the renderer does not know yet, in words it knows: number cells, and files of this workspace. */
function forRenderer(block: Block): unknown {
  return JSON.parse(JSON.stringify(block), (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value;
    // Verbatim text is marked up all the same, only nothing else in it becomes a link; the renderer would show it raw.
    if ('type' in value && value.type === 'mrkdwn') return { ...value, verbatim: undefined };
    if ('type' in value && value.type === 'raw_number' && 'text' in value) {
      return { type: 'raw_text', text: value.text };
    }
    if ('slack_file' in value && typeof value.slack_file === 'object' && value.slack_file !== null) {
      const { slack_file: file, ...rest } = value;
      return { ...rest, image_url: `/files-pri/${'id' in file ? String(file.id) : ''}` };
    }
    return value;
  });
}

/** A text without blocks, as blocks. */
export function textAsBlocks(text: string): Block[] {
  return text === '' ? [] : [{ type: 'section', text: { type: 'mrkdwn', text } }];
}
