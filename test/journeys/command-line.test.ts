import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Ended, runCli } from '../program/cli/run-cli.ts';
import { tokenOf } from './api.ts';
import { type People, peopleOf } from './people.ts';
import { commitsOf, type Journey, standing, startJourney, TEST_MS } from './world.ts';

let journey: Journey;
let people: People;
let signalbox: (...args: string[]) => Promise<Ended>;
beforeAll(async () => {
  journey = await startJourney();
  people = peopleOf(journey.world);
  signalbox = asPerson(await tokenOf(people, 'ana'));
}, TEST_MS);
afterAll(() => journey?.[Symbol.asyncDispose]());

/** The command line in somebody's terminal. */
function asPerson(token: string) {
  return (...args: string[]) =>
    runCli(args, { env: { SIGNALBOX_TOKEN: token, SIGNALBOX_URL: journey.world.bot().pagesUrl } });
}

const Json = z.looseObject({ ok: z.boolean(), outcome: z.string() });

describe('the command line asks a running bot', { timeout: TEST_MS }, () => {
  it('shows what stands, with how it goes beside it', async () => {
    const ended = await signalbox('release', 'status', 'prod');
    expect(ended).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^prod {3}[\s\S]*Nothing waits for you/),
    });
    expect(ended.stderr).toMatch(/^accepted as http\./);
  });

  it('cuts, and tells programs so', async () => {
    const ended = await signalbox('release', 'cut', 'dev', 'web@1.8.0', '--json');
    expect(ended.code).toBe(0);
    const { ok, outcome, summary } = Json.extend({ summary: z.string() }).parse(JSON.parse(ended.stdout));
    expect({ ok, outcome }).toEqual({ ok: true, outcome: 'done' });
    await people.board('dev', summary.split(' ')[0] ?? '', /· released ·/);
  });

  it('ends with 1 for what is refused and with 2 for what is not understood, and changes nothing', async () => {
    const before = await standing(journey);
    const cleo = asPerson(await tokenOf(people, 'cleo'));
    const [refused, slip, json] = await Promise.all([
      cleo('release', 'cut', 'dev', 'web@1.9.0'),
      signalbox('release', 'cut', 'pord'),
      signalbox('release', 'ctu', 'dev', '--json'),
    ]);
    expect(refused).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("You can't cut a release for dev"),
    });
    expect(slip).toMatchObject({ code: 2, stdout: expect.stringMatching(/no environment pord[\s\S]*prod/) });
    expect(json.code).toBe(2);
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, suggestions: ['/release cut dev'] });
    expect(await standing(journey)).toEqual(before);
  });

  it('shows a rollback and leaves it at that, then does it once somebody says yes', async () => {
    const before = await standing(journey);
    const shown = await signalbox('rollback', 'web', 'dev');
    expect(shown).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/web {2}1\.8\.0 → 1\.7\.4[\s\S]*Nothing was done yet\. Say --yes/),
    });
    expect(await standing(journey)).toEqual(before);
    const done = await signalbox('rollback', 'web', 'dev', '--yes');
    expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining('Rolling back in dev as ') });
    await people.reads('dev', /Clean ·/);
    const [, name = ''] = /Rolling back in dev as (\S+)\./.exec(done.stdout) ?? [];
    expect(await commitsOf(journey, `dev/${name}`)).toHaveLength(1);
  });

  it('fills in a form, and says which fields it has', async () => {
    const lacking = await signalbox('incident', 'open', '--yes', '--set', 'titel=x');
    expect(lacking).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/--set titel=x: the form has no such field; it has title/),
    });
    const opened = await signalbox('incident', 'open', '--yes', '--set', 'title=null note');
    expect(opened).toMatchObject({ code: 0, stdout: expect.stringMatching(/INC-\d+ is open: null note/) });
    const noted = await signalbox('incident', 'note', 'it', 'is', 'the', '--serializer');
    expect(noted).toMatchObject({ code: 0, stdout: expect.stringContaining('Noted in INC-') });
  });

  it('approves by the button of a board', async () => {
    const ben = asPerson(await tokenOf(people, 'ben'));
    await people.releasesToDev('stock@1.8.0');
    const cut = await signalbox('release', 'cut', 'prod', 'stock@1.8.0');
    const name = cut.stdout.split(' ')[0] ?? '';
    const [wrong, approved] = [
      await ben('release', 'status', name, 'prod', '--press', 'Aprove'),
      await ben('release', 'status', name, 'prod', '--press', 'Approve', '--yes'),
    ];
    expect(wrong).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/no button "Aprove": there is "Approve"/),
    });
    expect(approved).toMatchObject({ code: 0, stdout: 'Done.\n' });
    await people.board('prod', name, /Approved by Ben/);
  });

  it('runs once under one key, and shows the answer again', async () => {
    const first = await signalbox('release', 'cut', 'dev', 'cart@1.8.0', '--key', 'build-1', '--json');
    const again = await signalbox('release', 'cut', 'dev', 'cart@1.8.0', '--key', 'build-1', '--json');
    expect(JSON.parse(again.stdout)).toEqual(JSON.parse(first.stdout));
    const { id } = z.looseObject({ id: z.string() }).parse(JSON.parse(first.stdout));
    const later = await signalbox('answer', id);
    expect(later).toMatchObject({ code: 0, stdout: expect.stringContaining('→ dev is cut') });
  });
});

describe('the command line that cannot ask says what to do', { timeout: TEST_MS }, () => {
  it('without an address or a token, and never sends a token where others listen', async () => {
    const [nowhere, nobody, open, user, away] = await Promise.all([
      runCli(['release', 'status'], { env: { SIGNALBOX_TOKEN: 'x' } }),
      runCli(['release', 'status', '--url', 'http://127.0.0.1:1'], {}),
      runCli(['release', 'status', '--url', 'http://signalbox.example.com'], {
        env: { SIGNALBOX_TOKEN: 'x' },
      }),
      runCli(['release', 'status', '--url', 'https://ana:secret@signalbox.example.com'], {
        env: { SIGNALBOX_TOKEN: 'x' },
      }),
      runCli(['release', 'status', '--url', 'http://127.0.0.1:1'], { env: { SIGNALBOX_TOKEN: 'x' } }),
    ]);
    expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringContaining('SIGNALBOX_URL') });
    expect(nobody).toMatchObject({ code: 1, stderr: expect.stringContaining('SIGNALBOX_TOKEN is not set') });
    expect(open).toMatchObject({ code: 1, stderr: expect.stringContaining('without TLS') });
    expect(user).toMatchObject({ code: 1, stderr: expect.not.stringContaining('secret') });
    expect(away).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("can't be reached (ECONNREFUSED)"),
    });
  });

  it('with a token that opens nothing', async () => {
    const ended = await asPerson('signalbox_none')('release', 'status');
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('/release token') });
  });
});
