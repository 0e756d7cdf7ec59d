import { plainTyped, wordsOf as wordsOfTyped } from '../../../domain/text/typed-words.ts';

/** What a person typed, as the grammar reads it: Slack marks up what it takes for a link or an address (`orders-api@1.8.0` looks like one). */
export function plainText(typed: string): string {
  return plainTyped(unescaped(unwrapMarkup(typed)));
}

/** The words of what was typed, each without quotes around it. */
export function wordsOf(typed: string): string[] {
  return wordsOfTyped(unescaped(unwrapMarkup(typed)));
}

/** Without the mentions at the start of a message to the bot. */
export function withoutMentions(text: string): string {
  return text.replace(/^(\s*<@[A-Z0-9]+(\|[^>]*)?>[\s,:]*)+/, '');
}

/** `<mailto:a@b|a@b>`, `<https://x|x>` as they were typed. Mentions stay: they are no part of the grammar. */
function unwrapMarkup(text: string): string {
  return text
    .replace(/<(?:mailto:|https?:\/\/|tel:)[^|>]*\|([^>]*)>/g, '$1')
    .replace(/<mailto:([^|>]*)>/g, '$1')
    .replace(/<(https?:\/\/[^|>]*)>/g, '$1');
}

/** What somebody said in a channel, as they see it: for the timeline, not for the grammar. */
export function saidText(text: string): string {
  const named = text.replace(
    /<([@#!])[^|>]*\|([^>]*)>/g,
    (_, sign: string, name: string) => `${sign === '#' ? '#' : '@'}${name}`,
  );
  return unescaped(unwrapMarkup(named.replace(/<!(here|channel|everyone)>/g, '@$1')));
}

/** Source: https://docs.slack.dev/messaging/formatting-message-text/#escaping */
function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
