import { z } from 'zod';
import { emailOf, userObject } from '../../objects/user-object.ts';
import type { Usergroup } from '../../state/model.ts';
import { ok, refuse } from '../answer.ts';
import { commaList, defineMethod, flag, whole } from '../method.ts';
import { pageOf } from '../pages.ts';

/** https://docs.slack.dev/reference/methods/users.info. The address comes only with `users:read.email`. */
export const usersInfo = defineMethod({
  name: 'users.info',
  tier: 4,
  scopes: ['users:read'],
  args: z.looseObject({ user: z.string().min(1) }),
  run: ({ user }, { world, scopes }) => {
    const person = world.people.get(user);
    if (person === undefined) return refuse('user_not_found');
    return ok({ user: userObject(world, person, { withEmail: scopes.has('users:read.email') }) });
  },
});

/** https://docs.slack.dev/reference/methods/users.lookupByEmail. Deactivated people are not found. */
export const usersLookupByEmail = defineMethod({
  name: 'users.lookupByEmail',
  tier: 3,
  scopes: ['users:read.email'],
  args: z.looseObject({ email: z.string().min(1) }),
  run: ({ email }, { world }) => {
    const wanted = email.toLowerCase();
    const person = [...world.people.values()].find(
      (each) =>
        each.kind !== 'deactivated' && each.kind !== 'bot' && emailOf(world, each).toLowerCase() === wanted,
    );
    if (person === undefined) return refuse('users_not_found');
    return ok({ user: userObject(world, person, { withEmail: true }) });
  },
});

/** https://docs.slack.dev/reference/methods/users.list. */
export const usersList = defineMethod({
  name: 'users.list',
  tier: 2,
  scopes: ['users:read'],
  args: z.looseObject({ cursor: z.string().optional(), limit: whole.min(0).max(1000).default(0) }),
  run: ({ cursor, limit }, { world, scopes }) => {
    const everyone = [...world.people.values()];
    const cut = pageOf(everyone, { cursor, limit: limit === 0 ? everyone.length : limit });
    if (cut.kind === 'refused') return cut;
    const withEmail = scopes.has('users:read.email');
    const members = cut.items.map((person) => userObject(world, person, { withEmail }));
    return ok({ members, response_metadata: { next_cursor: cut.nextCursor } });
  },
});

/** https://docs.slack.dev/reference/methods/usergroups.list. */
export const usergroupsList = defineMethod({
  name: 'usergroups.list',
  tier: 2,
  scopes: ['usergroups:read'],
  args: z.looseObject({
    include_users: flag.default(false),
    include_count: flag.default(false),
    include_disabled: flag.default(false),
  }),
  run: (given, { world }) => {
    const groups = [...world.usergroups.values()].filter(
      (group) => given.include_disabled || !group.isDisabled,
    );
    const usergroups = groups.map((group) => ({
      ...usergroupObject(group, world.team.id),
      ...(given.include_users ? { users: group.members } : {}),
      ...(given.include_count ? { user_count: group.members.length } : {}),
    }));
    return ok({ usergroups });
  },
});

/** https://docs.slack.dev/reference/methods/usergroups.users.list. */
export const usergroupsUsersList = defineMethod({
  name: 'usergroups.users.list',
  tier: 2,
  scopes: ['usergroups:read'],
  args: z.looseObject({ usergroup: z.string().min(1), include_disabled: flag.default(false) }),
  run: ({ usergroup, include_disabled: withDisabled }, { world }) => {
    const group = world.usergroups.get(usergroup);
    if (group === undefined || (group.isDisabled && !withDisabled)) return refuse('no_such_subteam');
    return ok({ users: group.members });
  },
});

/** https://docs.slack.dev/reference/methods/usergroups.users.update. "Guests and bots cannot be in groups". */
export const usergroupsUsersUpdate = defineMethod({
  name: 'usergroups.users.update',
  tier: 2,
  scopes: ['usergroups:write'],
  args: z.looseObject({ usergroup: z.string().min(1), users: commaList }),
  run: ({ usergroup, users }, { world }) => {
    if (!world.usergroupsEditableByEveryone) return refuse('permission_denied');
    const group = world.usergroups.get(usergroup);
    if (group === undefined) return refuse('no_such_subteam');
    if (users.length === 0) return refuse('no_users_provided');
    if (users.some((id) => world.people.get(id)?.kind !== 'member')) return refuse('invalid_users');
    group.members = [...users];
    return ok({ usergroup: { ...usergroupObject(group, world.team.id), users } });
  },
});

function usergroupObject(group: Usergroup, teamId: string): Record<string, unknown> {
  return {
    id: group.id,
    team_id: teamId,
    is_usergroup: true,
    name: group.name,
    handle: group.handle,
    description: '',
    is_external: false,
    date_delete: group.isDisabled ? 1 : 0,
  };
}
