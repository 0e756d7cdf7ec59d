import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { demand } from './api-fault.ts';

/** Who we are in the workspace. */
export interface Identity {
  teamId: string;
  botUserId: string;
  botId: string | undefined;
  /** Scopes the token has, as the answer's header tells them. */
  scopes: readonly string[];
}

const Self = z.looseObject({
  team_id: z.string(),
  user_id: z.string(),
  bot_id: z.string().optional(),
  response_metadata: z.looseObject({ scopes: z.array(z.string()).default([]) }).default({ scopes: [] }),
});

/** Asks Slack who we are. Throws `UnavailableError`, also when it refuses the token. */
export async function readIdentity(client: WebClient): Promise<Identity> {
  const self = Self.parse(await demand('asking Slack who the bot is', () => client.apiCall('auth.test')));
  return {
    teamId: self.team_id,
    botUserId: self.user_id,
    botId: self.bot_id,
    scopes: self.response_metadata.scopes.filter(Boolean),
  };
}

/** Asks once, and again only after it failed. */
export function rememberIdentity(client: WebClient): () => Promise<Identity> {
  let known: Promise<Identity> | undefined;
  return () => {
    known ??= readIdentity(client).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}
