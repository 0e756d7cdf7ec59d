/** Why Slack does not let something be said, and what a person does about it; by Slack's name for it. */
const WORDS: Readonly<Record<string, string>> = {
  not_in_channel: 'I am not in that channel: invite me there with /invite',
  channel_not_found:
    'I do not see that channel: check its id in signalbox.yaml, and invite me if it is private',
  is_archived: 'that channel is archived: unarchive it, or name another in signalbox.yaml',
  is_inactive: 'that channel is archived or frozen: unarchive it, or name another in signalbox.yaml',
  restricted_action: 'the workspace does not let apps post there: ask an admin of the workspace',
  restricted_action_read_only_channel: 'that channel is read-only for apps: ask an admin of the workspace',
  restricted_action_thread_only_channel: 'that channel takes only replies: name another in signalbox.yaml',
  restricted_action_non_threadable_channel: 'that channel takes no replies: name another in signalbox.yaml',
  thread_not_found: 'the message it belongs under is gone',
  cannot_reply_to_message: 'the message it belongs under takes no replies',
  cant_update_message: 'that message was not written by me',
  edit_window_closed: 'the workspace does not let messages be edited any more after this time',
  user_not_in_channel: 'that person is not in the channel',
  missing_scope: 'the Slack app lacks a scope: install it again from manifests/slack-app.yaml',
  name_taken: 'there is a channel of that name already',
  invalid_name_specials: 'a channel name has lower-case letters, digits, hyphens and underscores only',
  invalid_name_maxlength: 'a channel name has at most 80 characters',
  org_login_required: 'the workspace is being moved by Slack: it will work again later',
  ekm_access_denied: 'the workspace has suspended posting: ask an admin of the workspace',
  message_limit_exceeded: 'the workspace has reached its message limit: ask an admin of the workspace',
};

/** The refusal as a person reads it. A name we have no words for is shown as it is. */
export function refusalWords(refusal: { code: string; detail: string }): string {
  const words = WORDS[refusal.code];
  return words === undefined
    ? `Slack refuses it (${refusal.code})${refusal.detail}`
    : `${words}${needs(refusal)}`;
}

/** Whether the refusal is one that a person can do something about, and not a fault in what we sent. */
export function isForPeople(code: string): boolean {
  return code in WORDS;
}

function needs({ code, detail }: { code: string; detail: string }): string {
  return code === 'missing_scope' ? detail : '';
}
