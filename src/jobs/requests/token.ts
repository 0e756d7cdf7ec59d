import { code, mrkdwn, when } from '../../domain/text/mrkdwn.ts';
import { notDone, said } from '../../views/answers.ts';
import type { Carry } from './asked.ts';

/** Makes a person's token, told to them alone and once, or takes it back. */
export const token: Carry<'token'> = async ({ ports, rules }, asked) => {
  if (asked.request.act === 'revoke') {
    const was = await ports.tokens.revoke(asked.by.id);
    return said(was ? 'Your token is revoked: it opens nothing any more.' : 'You had no token.');
  }
  if (rules.tokens === undefined)
    return notDone('Tokens are switched off here.', mrkdwn`It is ${code('api.enabled')} in signalbox.yaml.`);
  // A token that could make the next one would never end, and its text would be kept with the answer.
  if (asked.via !== 'slack')
    return notDone(`A token is made in Slack only: type /${rules.commandPrefix}release token there.`);
  const text = await ports.tokens.issue(asked.by.id, rules.tokens);
  return said(
    'Your token for the command line and HTTP. It is shown this once, and replaces the one you had.',
    mrkdwn`${code(text)}`,
    mrkdwn`${code('export SIGNALBOX_TOKEN=…')} and then ${code('signalbox release status')}. Whoever has it may do what you may, until ${when(ports.clock.now() + rules.tokens.lifetimeMs, 'date')}; ${code(`/${rules.commandPrefix}release token revoke`)} ends it.`,
  );
};
