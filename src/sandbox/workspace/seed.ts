import { z } from 'zod';

/** Lower case, digits, dash and underscore, at most 80: https://docs.slack.dev/reference/methods/conversations.create. */
const channelName = z.string().regex(/^[a-z0-9_-]{1,80}$/);

const person = z.strictObject({
  /** Short name, typed after @ and used by tests to name the person. */
  name: z.string().regex(/^[a-z0-9._-]{1,21}$/),
  /** Absent: made from the name, the same in every run. */
  id: z.string().optional(),
  /** Absent: the short name with a capital. */
  realName: z.string().optional(),
  /**
   * What the person is to the workspace. A `guest` is in a few channels (`is_restricted`), a `single_channel_guest` in
   * one (`is_ultra_restricted`), an `external` person belongs to another company's workspace (`is_stranger`).
   */
  kind: z
    .enum(['member', 'guest', 'single_channel_guest', 'external', 'bot', 'deactivated'])
    .default('member'),
  /** What the person does, in words for the page. Slack knows nothing of it. */
  role: z.string().default(''),
  isAdmin: z.boolean().default(false),
  timeZone: z.string().default('Etc/UTC'),
});

const usergroup = z.strictObject({
  handle: z.string().regex(/^[a-z0-9._-]{1,21}$/),
  id: z.string().optional(),
  name: z.string().optional(),
  /** Names of people. */
  members: z.array(z.string()).default([]),
  isDisabled: z.boolean().default(false),
});

const channel = z.strictObject({
  name: channelName,
  id: z.string().optional(),
  isPrivate: z.boolean().default(false),
  isArchived: z.boolean().default(false),
  /** The channel that everybody is in and that cannot be archived. */
  isGeneral: z.boolean().default(false),
  topic: z.string().max(250).default(''),
  purpose: z.string().max(250).default(''),
  /** Names of people; absent: every full member. */
  members: z.array(z.string()).optional(),
  /** Whether the app's bot has been invited already. */
  hasBot: z.boolean().default(false),
});

/** Everything a workspace starts with. Names refer to each other; ids are made where they are absent. */
export const workspaceSeed = z
  .strictObject({
    team: z
      .strictObject({
        name: z.string().default('Sandbox'),
        domain: z.string().default('sandbox'),
        id: z.string().optional(),
      })
      .default({ name: 'Sandbox', domain: 'sandbox' }),
    people: z.array(person).min(1),
    usergroups: z.array(usergroup).default([]),
    channels: z.array(channel).min(1),
    /**
     * Whether everybody, and so every app, may change who is in a usergroup. Slack lets a bot do so only then:
     * "A bot token can be used only if permissions are set to everyone"
     * (https://docs.slack.dev/reference/methods/usergroups.users.update).
     */
    usergroupsEditableByEveryone: z.boolean().default(false),
  })
  .superRefine((seed, context) => {
    const names = new Set(seed.people.map(({ name }) => name));
    for (const [list, owners] of [
      ['usergroups', seed.usergroups],
      ['channels', seed.channels],
    ] as const) {
      owners.forEach((owner, index) => {
        for (const name of owner.members ?? []) {
          if (!names.has(name)) {
            context.addIssue({
              code: 'custom',
              path: [list, index, 'members'],
              message: `nobody is called ${name}`,
            });
          }
        }
      });
    }
  });

/** What one writes to seed a workspace. */
export type WorkspaceSeed = z.input<typeof workspaceSeed>;

/** A seed with its defaults filled in. */
export type FilledSeed = z.output<typeof workspaceSeed>;
