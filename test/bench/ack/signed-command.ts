import { randomUUID } from 'node:crypto';
import { PEOPLE, TEAM } from '../../../src/sandbox/shop/people.ts';
import { signRequest } from '../../../src/sandbox/workspace/app/signature.ts';

/** `/release status` as Slack sends it, signed; each with a trigger of its own, or it would count as sent twice. */
export function signedCommand(secret: string, i: number): { headers: Record<string, string>; body: string } {
  const person = PEOPLE[i % PEOPLE.length];
  const body = new URLSearchParams({
    token: 'unused',
    team_id: TEAM,
    team_domain: 'shop',
    channel_id: 'C0BENCH0001',
    channel_name: 'releases-prod',
    user_id: person?.id ?? '',
    user_name: person?.name ?? '',
    command: '/release',
    text: 'status prod',
    api_app_id: 'A0BENCH0001',
    is_enterprise_install: 'false',
    response_url: 'https://hooks.slack.com/commands/T0SHOP00001/1/bench',
    trigger_id: `${i}.${randomUUID()}`,
  }).toString();
  return {
    body,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(Buffer.byteLength(body)),
      ...signRequest(body, { secret, timestampSeconds: Date.now() / 1000 }),
    },
  };
}
