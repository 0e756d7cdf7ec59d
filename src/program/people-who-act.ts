import { personOf } from '../adapters/slack/user-of.ts';
import type { Config } from '../config/schema.ts';
import type { EnvironmentName, PersonId } from '../domain/ids.ts';

/** The workspace as far as it decides who has a role. */
export interface RoleSource {
  /** The workspace's id. Throws when it cannot be told. */
  team(): Promise<string>;
  /** Members of a usergroup, by Slack's ids. Throws when they cannot be read: nobody may lose a right by that. */
  usergroup(id: string): Promise<readonly string[]>;
}

/** Everybody whom the configuration lets do something, by environment and sorted. Whoever only approves does nothing in a cluster. */
export async function peopleWhoAct(
  config: Config,
  source: RoleSource,
): Promise<Map<EnvironmentName, PersonId[]>> {
  const team = await source.team();
  const entries = config.environments.map(async ({ name, may }) => {
    const roles = [...new Set(Object.values(may).flat())].flatMap((role) => config.roles[role] ?? []);
    const groups = [...new Set(roles.flatMap(({ usergroups }) => usergroups))];
    const grouped = await Promise.all(groups.map((group) => source.usergroup(group)));
    const users = new Set([...roles.flatMap(({ people }) => people), ...grouped.flat()]);
    return [name, [...users].sort().map((user) => personOf(team, user))] as const;
  });
  return new Map(await Promise.all(entries));
}
