import type { Channel, Message } from './model.ts';

/** Something that took place in the workspace. The app hears of most of them as events; the page redraws for all. */
export type Happening =
  | { readonly kind: 'message_posted'; readonly channel: Channel; readonly message: Message }
  | {
      readonly kind: 'message_changed';
      readonly channel: Channel;
      readonly message: Message;
      readonly previous: Message;
    }
  | { readonly kind: 'message_deleted'; readonly channel: Channel; readonly previous: Message }
  | {
      readonly kind: 'reaction_added' | 'reaction_removed';
      readonly channel: Channel;
      readonly message: Message;
      readonly userId: string;
      readonly name: string;
    }
  | {
      readonly kind: 'member_joined';
      readonly channel: Channel;
      readonly userId: string;
      /** Absent where the person came unasked. */
      readonly inviterId?: string;
    }
  | { readonly kind: 'member_left'; readonly channel: Channel; readonly userId: string }
  | { readonly kind: 'channel_created'; readonly channel: Channel }
  | { readonly kind: 'channel_archived'; readonly channel: Channel; readonly userId: string }
  | { readonly kind: 'home_opened'; readonly userId: string; readonly tab: 'home' | 'messages' }
  /** Something only one person's screen shows: an ephemeral message, a modal, a mark of having read. */
  | { readonly kind: 'screen_changed'; readonly userId: string };
