import type { Method } from '../method.ts';
import { chatDelete, chatGetPermalink, chatPostEphemeral, chatUpdate } from './chat-change.ts';
import { chatPostMessage } from './chat-post.ts';
import {
  conversationsArchive,
  conversationsCreate,
  conversationsInvite,
  conversationsJoin,
  conversationsOpen,
  conversationsSetPurpose,
  conversationsSetTopic,
} from './conversations-manage.ts';
import {
  conversationsHistory,
  conversationsInfo,
  conversationsList,
  conversationsMembers,
  conversationsReplies,
  usersConversations,
} from './conversations-read.ts';
import { filesCompleteUpload, filesGetUploadUrl } from './files.ts';
import {
  usergroupsList,
  usergroupsUsersList,
  usergroupsUsersUpdate,
  usersInfo,
  usersList,
  usersLookupByEmail,
} from './people.ts';
import { reactionsAdd, reactionsGet, reactionsRemove } from './reactions.ts';
import { viewsOpen, viewsPublish, viewsPush, viewsUpdate } from './views.ts';
import {
  apiTest,
  appsConnectionsOpen,
  authTest,
  bookmarksAdd,
  bookmarksList,
  botsInfo,
  pinsAdd,
  teamInfo,
} from './workspace.ts';

/** Every Web API method this workspace answers. Others are `unknown_method`. */
export const METHODS: readonly Method[] = [
  apiTest,
  authTest,
  appsConnectionsOpen,
  bookmarksAdd,
  bookmarksList,
  botsInfo,
  chatDelete,
  chatGetPermalink,
  chatPostEphemeral,
  chatPostMessage,
  chatUpdate,
  conversationsArchive,
  conversationsCreate,
  conversationsHistory,
  conversationsInfo,
  conversationsInvite,
  conversationsJoin,
  conversationsList,
  conversationsMembers,
  conversationsOpen,
  conversationsReplies,
  conversationsSetPurpose,
  conversationsSetTopic,
  filesCompleteUpload,
  filesGetUploadUrl,
  pinsAdd,
  reactionsAdd,
  reactionsGet,
  reactionsRemove,
  teamInfo,
  usergroupsList,
  usergroupsUsersList,
  usergroupsUsersUpdate,
  usersConversations,
  usersInfo,
  usersList,
  usersLookupByEmail,
  viewsOpen,
  viewsPublish,
  viewsPush,
  viewsUpdate,
];
