import { slashPayload } from '../app/interactions.ts';
import { applyResponse, responseMessage } from '../app/response-urls.ts';
import type { WorkspaceParts } from '../parts.ts';
import { showEphemeral } from '../state/messages.ts';
import type { Channel, Person } from '../state/model.ts';
import { type AppFailure, failureOf } from './outcome.ts';

/** What became of a slash command. In each case but the first the person was shown why. */
export type SlashResult =
  | { readonly kind: 'accepted' }
  /** Slack did not send it to the app. */
  | { readonly kind: 'refused'; readonly words: string }
  | AppFailure;

/** A slash command as typed. */
export interface TypedCommand {
  /** With its slash. */
  readonly command: string;
  readonly text: string;
  readonly channel: Channel;
  /** The thread it was typed into; absent for a channel's own box. */
  readonly threadTs?: string | undefined;
}

/** Types a slash command. */
export async function runSlash(
  parts: WorkspaceParts,
  person: Person,
  typed: TypedCommand,
): Promise<SlashResult> {
  const words = refusalWords(parts, person, typed);
  if (words !== undefined) {
    tell(parts, person, { typed, words });
    return { kind: 'refused', words };
  }
  const own = parts.ownCommands.find(({ command }) => command === typed.command);
  if (own !== undefined) {
    tell(parts, person, { typed, words: await own.run(person.name, typed.text) });
    return { kind: 'accepted' };
  }
  const payload = slashPayload(parts, person, typed);
  const answer = await parts.link.deliver({ family: 'slash_commands', payload });
  const error = failureOf(answer) ?? showAnswer(parts, person, { typed, answer });
  if (error === undefined) return { kind: 'accepted' };
  const failure = `${typed.command} failed with the error "${error}"`;
  tell(parts, person, { typed, words: failure });
  return { kind: 'failed', error, words: failure };
}

/** Words Slack's clients show: slash commands work for people of this workspace, outside threads, when they exist. */
function refusalWords(
  { manifest, ownCommands }: WorkspaceParts,
  person: Person,
  typed: TypedCommand,
): string | undefined {
  const commands = [...manifest.features.slash_commands, ...ownCommands];
  const isKnown = commands.some(({ command }) => command === typed.command);
  // An app's commands are offered only in the workspace that installed it: https://docs.slack.dev/apis/slack-connect.
  if (!isKnown || person.kind === 'external') return `${typed.command} is not a valid command.`;
  // "Slash commands cannot be used within message threads": https://docs.slack.dev/interactivity/implementing-slash-commands.
  if (typed.threadTs !== undefined) return `${typed.command} is not supported in threads. Sorry!`;
  return undefined;
}

/** Shows what the app put into its acknowledgement; answers the name of the fault when it was no message. */
function showAnswer(
  { world }: WorkspaceParts,
  person: Person,
  { typed, answer }: { typed: TypedCommand; answer: { readonly kind: string; readonly body?: unknown } },
): string | undefined {
  const { body } = answer;
  if (body === undefined) return undefined;
  const parsed = responseMessage.safeParse(typeof body === 'string' ? { text: body } : body);
  if (!parsed.success) return 'invalid_command_response';
  const context = { channelId: typed.channel.id, userId: person.id };
  return applyResponse(world, context, parsed.data) === undefined ? undefined : 'invalid_command_response';
}

function tell(
  { world }: WorkspaceParts,
  person: Person,
  { typed, words }: { typed: TypedCommand; words: string },
): void {
  showEphemeral(world, {
    channelId: typed.channel.id,
    userId: person.id,
    author: 'slackbot',
    text: words,
    blocks: [],
    ...(typed.threadTs === undefined ? {} : { threadTs: typed.threadTs }),
  });
}
