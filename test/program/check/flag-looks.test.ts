import { describe, expect, it } from 'vitest';
import { createFlags } from '../../../src/adapters/flags/flags.ts';
import { flagLooks } from '../../../src/program/check/flag-looks.ts';
import { lookAtAll } from '../../../src/program/check/look-at-all.ts';
import { startUnleash } from '../../../src/sandbox/flags/unleash.ts';

describe('those who keep flags', () => {
  it('are asked by the check for each environment that is theirs, and doubts come with their fix', async () => {
    await using unleash = await startUnleash({
      environments: ['development', 'production'],
      token: 's3cret',
    });
    await using reader = await startUnleash({ environments: ['prod'], token: 's3cret', mayWrite: false });
    const provider = (url: string, environments: Record<string, string>) => ({
      kind: 'unleash' as const,
      url,
      project: 'default',
      environments,
      answerWithinMs: 2_000,
    });
    const flagProviders = {
      main: provider(unleash.url, { dev: 'development', prod: 'produktion' }),
      reads: provider(reader.url, { prod: 'prod' }),
    };
    const reached = (authorization: string) =>
      createFlags(
        Object.entries(flagProviders).map(([name, { kind, url }]) => ({
          name,
          kind,
          url,
          authorization,
          timeoutMs: 2_000,
        })),
      );
    const environments = [{ name: 'dev' }, { name: 'prod' }];
    const [report] = await lookAtAll(flagLooks({ flagProviders, environments }, reached('s3cret')));
    expect(report?.findings).toEqual([
      { kind: 'ok', says: 'main: flags in development of project default can be read and set' },
      {
        kind: 'fault',
        says: 'main: project default of main has no environment produktion, but development, production',
        fix: expect.stringContaining('flagProviders.main'),
      },
      {
        kind: 'warning',
        says: expect.stringContaining('reads: its token lacks'),
        fix: expect.stringContaining('kill switch'),
      },
    ]);
    const [stranger] = await lookAtAll(flagLooks({ flagProviders, environments }, reached('wrong')));
    expect(stranger?.findings.map(({ kind }) => kind)).toEqual(['fault', 'fault', 'fault']);
    expect(JSON.stringify(stranger)).not.toContain('wrong');
  });
});
