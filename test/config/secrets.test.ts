import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/config/secret.ts';
import { readSecrets, SECRETS } from '../../src/config/secrets.ts';
import { changed, configOf, MINIMAL } from './minimal-config.ts';

describe('secrets', () => {
  const full = {
    SLACK_BOT_TOKEN: 'xoxb-1',
    SLACK_SIGNING_SECRET: 'shh',
    SIGNALBOX_LEDGER_KEY: '-----BEGIN PRIVATE KEY-----\nx',
    GIT_TOKEN: 'hunter2',
  };
  const withToken = changed('gitops.git }', 'gitops.git, tokenEnv: GIT_TOKEN }');

  it('come from the environment, and show themselves to nobody by accident', async () => {
    const read = readSecrets(full, await configOf(withToken));
    if (read.kind === 'faulty') throw new Error(read.faults.join());
    const secret = read.secrets.named('GIT_TOKEN');
    expect(secret.reveal()).toBe('hunter2');
    expect(
      `${secret} ${JSON.stringify({ secret })} ${inspect({ secret }, { depth: 5, showHidden: true })}`,
    ).not.toContain('hunter2');
    expect(read.secrets.find('SLACK_BOT_TOKEN')).toBeInstanceOf(Secret);
    expect(read.secrets.find('REDIS_URL')).toBeUndefined();
    expect(() => read.secrets.named('SLACK_BOT_TOKEN')).toThrow(TypeError);
  });

  it('that are missing, empty or something else are all told at once, and none is shown', async () => {
    const config = await configOf(withToken);
    const wrong = {
      ...full,
      SLACK_BOT_TOKEN: 'xapp-9',
      SLACK_SIGNING_SECRET: ' ',
      SIGNALBOX_LEDGER_KEY: undefined,
      GIT_TOKEN: '',
      REDIS_URL: '',
    };
    const read = readSecrets(wrong, config);
    expect(read.kind === 'faulty' && read.faults).toEqual([
      expect.stringContaining('SLACK_BOT_TOKEN does not look like'),
      expect.stringContaining('SLACK_SIGNING_SECRET is set and empty'),
      expect.stringContaining('SIGNALBOX_LEDGER_KEY is not set'),
      expect.stringContaining('REDIS_URL is set and empty'),
      'GIT_TOKEN is set and empty: signalbox.yaml names it at repositories.gitops.tokenEnv',
    ]);
    expect(JSON.stringify(read)).not.toContain('xapp-9');
  });

  it('depend on how Slack reaches us', async () => {
    const { SLACK_SIGNING_SECRET: _, ...socket } = { ...full, SLACK_APP_TOKEN: 'xapp-1' };
    const overSocket = await configOf(`${MINIMAL}slack: { transport: socket }\n`);
    expect(readSecrets(socket, overSocket).kind).toBe('read');
    expect(readSecrets(full, overSocket)).toEqual({
      kind: 'faulty',
      faults: [expect.stringContaining('SLACK_APP_TOKEN is not set')],
    });
    expect(readSecrets(socket, await configOf(MINIMAL)).kind).toBe('faulty');
  });

  it('name the nearest variable that is set', async () => {
    const { GIT_TOKEN: token, ...rest } = full;
    expect(readSecrets({ ...rest, GTI_TOKEN: token }, await configOf(withToken))).toMatchObject({
      faults: [expect.stringContaining('did you mean GTI_TOKEN?')],
    });
  });

  it('are listed once each', () => {
    expect(new Set(SECRETS.map(({ name }) => name)).size).toBe(SECRETS.length);
  });
});
