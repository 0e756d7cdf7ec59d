import { z } from 'zod';
import { ok, refuse } from '../answer.ts';
import { channelArgument, defineMethod } from '../method.ts';
import { joinedChannel, messageIn, visibleChannel } from '../visible-channel.ts';

const nothing = z.looseObject({});

/** https://docs.slack.dev/reference/methods/auth.test. */
export const authTest = defineMethod({
  name: 'auth.test',
  tier: 'special',
  args: nothing,
  run: (_, { world, url }) =>
    ok({
      url: `${url}/`,
      team: world.team.name,
      team_id: world.team.id,
      user: world.people.get(world.app.botUserId)?.name,
      user_id: world.app.botUserId,
      bot_id: world.app.botId,
      is_enterprise_install: false,
    }),
});

/** https://docs.slack.dev/reference/methods/api.test. Answers what it was given; needs no token. */
export const apiTest = defineMethod({
  name: 'api.test',
  tier: 4,
  token: 'none',
  args: z.looseObject({ error: z.string().optional() }),
  run: (args) => (args.error === undefined ? ok({ args }) : refuse(args.error, { extra: { args } })),
});

/** https://docs.slack.dev/reference/methods/apps.connections.open. */
export const appsConnectionsOpen = defineMethod({
  name: 'apps.connections.open',
  tier: 3,
  token: 'app',
  args: nothing,
  run: (_, { sockets, url, world }) =>
    ok({ url: `${url.replace('http', 'ws')}/link/?ticket=${sockets.ticket()}&app_id=${world.app.appId}` }),
});

/** https://docs.slack.dev/reference/methods/team.info. */
export const teamInfo = defineMethod({
  name: 'team.info',
  tier: 3,
  scopes: ['team:read'],
  args: nothing,
  run: (_, { world, url }) => ok({ team: { ...world.team, url: `${url}/`, icon: { image_default: true } } }),
});

/** https://docs.slack.dev/reference/methods/bots.info. */
export const botsInfo = defineMethod({
  name: 'bots.info',
  tier: 3,
  scopes: ['users:read'],
  args: z.looseObject({ bot: z.string().optional() }),
  run: ({ bot }, { world: { app } }) => {
    if (bot !== undefined && bot !== app.botId) return refuse('bot_not_found');
    const { botId, botUserId, appId, name } = app;
    return ok({ bot: { id: botId, deleted: false, name, app_id: appId, user_id: botUserId, updated: 0 } });
  },
});

/** https://docs.slack.dev/reference/methods/bookmarks.add, for links. */
export const bookmarksAdd = defineMethod({
  name: 'bookmarks.add',
  tier: 2,
  scopes: ['bookmarks:write'],
  args: z.looseObject({
    channel_id: z.string().min(1),
    title: z.string().min(1),
    type: z.string(),
    link: z.string().optional(),
    emoji: z.string().optional(),
  }),
  run: (given, { world }) => {
    const found = joinedChannel(world, given.channel_id);
    if (found.kind === 'refused') return found;
    if (given.type !== 'link') return refuse('invalid_bookmark_type');
    // "Invalid link, link should begin with either http:// or https://": the same page.
    if (given.link === undefined || !/^https?:\/\//.test(given.link)) return refuse('invalid_link');
    const { title, link, emoji = '' } = given;
    const bookmark = { id: world.nextId('Bk'), title, link, emoji };
    found.channel.bookmarks.push(bookmark);
    return ok({ bookmark: { ...bookmark, channel_id: found.channel.id, type: 'link' } });
  },
});

/** https://docs.slack.dev/reference/methods/bookmarks.list. */
export const bookmarksList = defineMethod({
  name: 'bookmarks.list',
  tier: 3,
  scopes: ['bookmarks:read'],
  args: z.looseObject({ channel_id: z.string().min(1) }),
  run: ({ channel_id: id }, { world }) => {
    const found = visibleChannel(world, id);
    if (found.kind === 'refused') return found;
    return ok({ bookmarks: found.channel.bookmarks.map((b) => ({ ...b, channel_id: id, type: 'link' })) });
  },
});

/** https://docs.slack.dev/reference/methods/pins.add. */
export const pinsAdd = defineMethod({
  name: 'pins.add',
  tier: 2,
  scopes: ['pins:write'],
  args: z.looseObject({ ...channelArgument, timestamp: z.string().optional() }),
  run: ({ channel: id, timestamp }, { world }) => {
    const found = joinedChannel(world, id);
    if (found.kind === 'refused') return found;
    if (timestamp === undefined) return refuse('no_item_specified');
    const target = messageIn(found.channel, timestamp);
    if (target.kind === 'refused') return target;
    if (found.channel.pins.includes(timestamp)) return refuse('already_pinned');
    found.channel.pins.push(timestamp);
    return ok();
  },
});
