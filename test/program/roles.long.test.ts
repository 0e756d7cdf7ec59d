import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALL_ROLES, type Role } from '../../src/program/roles.ts';
import { type BotProcess, startBot } from '../../src/sandbox/bot-process.ts';
import { type People, peopleOf } from '../journeys/people.ts';
import { FIRST } from '../journeys/shop.ts';
import { type Journey, startJourney, TEST_MS } from '../journeys/world.ts';

let journey: Journey;
let people: People;
const processes = new Map<Role, BotProcess>();

beforeAll(async () => {
  journey = await startJourney();
  people = peopleOf(journey.world);
  await journey.world.bot().stop();
  const started = await Promise.all(ALL_ROLES.map(async (role) => [role, await startAs(role)] as const));
  for (const [role, process] of started) processes.set(role, process);
  journey.world.workspace.connectApp({ requestUrl: processes.get('web')?.slackUrl ?? '' });
}, TEST_MS);
afterAll(async () => {
  await Promise.all([...processes.values()].map((process) => process.kill()));
  await journey?.[Symbol.asyncDispose]();
});

/** A process that does only this, with folders of its own. */
async function startAs(role: Role): Promise<BotProcess> {
  const { directory, secrets } = journey.world;
  const text = await readFile(join(directory, 'signalbox.yaml'), 'utf8');
  const config = join(directory, `${role}.yaml`);
  await writeFile(config, text.replace(join(directory, 'data'), join(directory, `data-${role}`)));
  const logFile = join(directory, `${role}.log`);
  return startBot({ config, secrets, logFile, args: ['--role', role], environment: process.env });
}

describe('four processes on one Redis, one for each role', { timeout: TEST_MS }, () => {
  it('behave as one: what one takes in, others carry out, show and take back', async () => {
    const { workspace, gitops, digests } = journey.world;
    await people.types('dev', '/release help', /release cut/);
    await people.releasesToDev('web@1.8.0');
    const file = 'clusters/dev/apps/web/values.yaml';
    expect(await gitops.read('main', file)).toContain(digests['web']?.['1.8.0']);
    await people.opens('cleo', '/rollback web dev', /Roll back in dev/);
    await workspace.person('cleo').submit();
    await people.reads('dev', /Clean ·/);
    expect(await gitops.read('main', file)).toContain(digests['web']?.[FIRST]);
  });

  it('listen to Slack only where that is their role, and are each ready and ended on their own', async () => {
    for (const [role, { slackUrl, pagesUrl }] of processes) {
      expect((await fetch(`${pagesUrl}/readyz`)).status).toBe(200);
      expect([role, new URL(slackUrl).port !== '0']).toEqual([role, role === 'web']);
    }
    const ended = [...processes.values()].map(async (process) => {
      await process.stop();
      return process.ended;
    });
    expect(await Promise.all(ended)).toEqual([0, 0, 0, 0]);
  });
});
